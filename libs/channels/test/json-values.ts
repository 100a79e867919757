/** What a program reads of a message: every value of the JSON, or a text that is none. */
export function valuesOf(body: string): string {
  try {
    return Object.values(JSON.parse(body) as object)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join('\n');
  } catch {
    return body;
  }
}
