/** Why a template cannot be used; line and column count from 1 and stand in the message too. */
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

/** What was found in a template, for a message: in quotes, and not longer than a line. */
export function shown(found: unknown): string {
  const text = String(found);
  return text.length <= SHOWN_CHARS_MAX ? `"${text}"` : `"${text.slice(0, SHOWN_CHARS_MAX).toWellFormed()}…"`;
}
