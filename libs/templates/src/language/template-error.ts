/** Reason why a template cannot be used; line and column count from 1 and are part of the message. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, line?: number, column?: number, options?: ErrorOptions) {
    super(line === undefined ? message : `line ${line}, column ${column}: ${message}`, options);
    this.line = line;
    this.column = column;
  }
}

const SHOWN_CHARS_MAX = 60;

/** Quotes text found in a template for an error message, cut to the length of a line. */
export function shown(found: unknown): string {
  const text = String(found);
  return text.length <= SHOWN_CHARS_MAX ? `"${text}"` : `"${text.slice(0, SHOWN_CHARS_MAX).toWellFormed()}…"`;
}
