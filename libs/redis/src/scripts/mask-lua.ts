const TEXTS_AND_COMMENTS = /--[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;

/**
 * Lua without its comments, and the same with the contents of its strings blotted out, position by position: a name or a
 * bracket found in the mask is code.
 */
export function maskLua(source: string): { text: string; mask: string } {
  const text = source.replace(TEXTS_AND_COMMENTS, (found) => (found.startsWith('--') ? '' : found));
  const mask = text.replace(TEXTS_AND_COMMENTS, (found) => `${found[0]}${'_'.repeat(found.length - 2)}${found[0]}`);
  return { text, mask };
}
