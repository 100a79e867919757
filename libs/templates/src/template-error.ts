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
