/** Position in a list of deliveries: the last line shown, by time and id. */
export interface DeliveryCursor {
  createdAt: Date;
  id: string;
}

export function encodeCursor(cursor: DeliveryCursor): string {
  return Buffer.from(`${cursor.createdAt.getTime()}.${cursor.id}`).toString('base64url');
}

/** Parses a cursor; undefined if the text is not one. */
export function decodeCursor(text: string): DeliveryCursor | undefined {
  if (!/^[A-Za-z0-9_-]{1,400}$/.test(text)) return undefined;
  const match = /^(\d{1,15})\.([\x21-\x7e]{1,200})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match) return undefined;
  return { createdAt: new Date(Number(match[1])), id: match[2] as string };
}
