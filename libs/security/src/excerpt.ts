// Neither PostgreSQL nor a terminal takes these.
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** The beginning of a body as text that can be stored and shown. Compressed bodies are never unpacked. */
export function excerptOf(body: Buffer, encoding: string | undefined, cut: boolean): string {
  if (body.length === 0) return '';
  if (encoding && encoding.toLowerCase() !== 'identity') return `(compressed: ${encoding.slice(0, 32)})`;
  // `stream` drops a character that was cut in two at the end.
  const text = cut ? new TextDecoder('utf-8').decode(body, { stream: true }) : body.toString('utf8');
  return text.replace(CONTROL, '\ufffd');
}
