import type { Outcome } from '#libs/contracts';

/** A token as its provider issues it. */
export interface IssuedToken {
  value: string;
  /** How long it is good for; the last minutes of it are not used. */
  lifetimeMs: number;
}

export interface TokenRequest {
  /** All that makes the credential different from others, its secret included: never kept or shown. */
  credential: string;
  /** Asks the provider. Rejects with {@link NotIssued} where it gives none. */
  issue(): Promise<IssuedToken>;
  /** The token that the provider has just refused, to be replaced unless that has been done already. */
  refused?: string;
}

/** The provider gave no token; the outcome says why, and what becomes of a delivery that needed it. */
export class NotIssued extends Error {
  override readonly name = 'NotIssued';
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.message ?? outcome.kind);
    this.outcome = outcome;
  }
}
