import type { Outcome } from '#libs/contracts';

/** An access token as its provider issues it. */
export interface IssuedToken {
  value: string;
  /** Its validity in milliseconds; the last minutes of it are not used. */
  lifetimeMs: number;
}

export interface TokenRequest {
  /** Everything that identifies the credential, its secret included. Never stored or logged. */
  credential: string;
  /** Requests a token from the provider; rejects with {@link NotIssued} if it issues none. */
  issue(): Promise<IssuedToken>;
  /** A token that the provider has just refused; it is replaced unless another process has done so. */
  refused?: string;
}

/** The provider issued no access token. Carries the outcome of the delivery that needed it. */
export class NotIssued extends Error {
  override readonly name = 'NotIssued';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.message ?? outcome.kind);
    this.outcome = outcome;
  }
}
