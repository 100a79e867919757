/** An entry of a match that cannot be used; `entry` is its name. */
export class MatchError extends Error {
  constructor(
    readonly entry: string,
    message: string,
  ) {
    super(message);
    this.name = 'MatchError';
  }
}
