/** Why a template cannot be used; line and column count from 1 and stand in the message too. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    message: string,
    readonly line?: number,
    readonly column?: number,
    options?: ErrorOptions,
  ) {
    super(line === undefined ? message : `line ${line}, column ${column}: ${message}`, options);
  }
}
