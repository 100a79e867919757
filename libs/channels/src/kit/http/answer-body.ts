/** The text of an answer in one line; empty for an HTML page, which says nothing about the request. */
export function answerText(body: string): string {
  return body.trimStart().startsWith('<') ? '' : body.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Parses a JSON object; undefined for anything else, such as a truncated body. */
export function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
