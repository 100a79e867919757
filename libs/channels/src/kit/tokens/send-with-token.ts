import type { Outcome } from '#libs/contracts';
import { redactSecrets } from '../secrets/redact-secrets.js';
import { NotIssued, type TokenRequest } from './access-token.js';

export interface TokenUse extends Omit<TokenRequest, 'refused'> {
  /** Whether the outcome says that the provider refused the token. */
  isRefused(outcome: Outcome): boolean;
  send(token: string): Promise<Outcome>;
}

/** Sends with an access token. A refused token is replaced once, because providers revoke tokens before they expire. */
export async function sendWithToken(
  io: { token(request: TokenRequest): Promise<string> },
  use: TokenUse,
): Promise<Outcome> {
  const { credential, issue } = use;
  try {
    const token = await io.token({ credential, issue });
    const outcome = await use.send(token);
    if (!use.isRefused(outcome)) return redactSecrets(outcome, [token]);
    const renewed = await io.token({ credential, issue, refused: token });
    return redactSecrets(await use.send(renewed), [token, renewed]);
  } catch (error) {
    if (error instanceof NotIssued) return error.outcome;
    throw error;
  }
}
