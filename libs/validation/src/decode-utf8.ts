// Replacement characters would make one object of several whose names differ in nothing else.
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text; undefined if they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
