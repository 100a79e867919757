import type { Outcome } from '#libs/contracts';
import { blankSecrets } from '../secrets/redact-secrets.js';
import { NotIssued, type TokenRequest } from './access-token.js';

export interface TokenUse extends Omit<TokenRequest, 'refused'> {
  /** Whether the outcome says that the token is not, or no longer, good. */
  isRefused(outcome: Outcome): boolean;
  send(token: string): Promise<Outcome>;
}

/** Sends with the credential's token; one that is refused is replaced once, since providers end tokens before their time. */
export async function sendWithToken(
  io: { token(request: TokenRequest): Promise<string> },
  use: TokenUse,
): Promise<Outcome> {
  const { credential, issue } = use;
  try {
    const token = await io.token({ credential, issue });
    const outcome = await use.send(token);
    if (!use.isRefused(outcome)) return blankSecrets(outcome, [token]);
    const renewed = await io.token({ credential, issue, refused: token });
    return blankSecrets(await use.send(renewed), [token, renewed]);
  } catch (error) {
    if (error instanceof NotIssued) return error.outcome;
    throw error;
  }
}
