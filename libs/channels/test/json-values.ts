/** Every value of a JSON text in one text, as a program reads them; the text itself if it is not JSON. */
export function valuesOf(body: string): string {
  try {
    return Object.values(JSON.parse(body) as object)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join('\n');
  } catch {
    return body;
  }
}
