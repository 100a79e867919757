import type { Schemas } from '../../api/client.js';

export type Policy = Schemas['Policy'];

/** The parameters that name a policy: keys are unique within a team. */
export const pathOf = ({ key, team }: Policy) => ({ path: { key }, query: { team } });

/** Entries of a match as lines of `name=value`. */
export const linesOf = (match: Policy['match']): string =>
  Object.entries(match ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

/** The match of such lines; null without any. */
export function matchOf(lines: string): Policy['match'] {
  const entries = lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}
