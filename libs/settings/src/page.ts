/** A page of a list, and where the next one begins; null where there is none. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** Makes a page of rows with one more than the limit, which shows whether there is a next page. */
export function toPage<T>(rows: readonly T[], limit: number, position: (row: T) => string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodePosition(position(last)) : null };
}

export function encodePosition(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Undefined where the text is no cursor with that many parts. */
export function decodePosition(cursor: string, parts: number): string[] | undefined {
  if (!/^[A-Za-z0-9_-]{1,8000}$/.test(cursor)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const fits =
      Array.isArray(value) &&
      value.length === parts &&
      value.every((part) => typeof part === 'string' && !part.includes('\0'));
    return fits ? (value as string[]) : undefined;
  } catch {
    return undefined;
  }
}
