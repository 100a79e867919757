import type { TokenRequest } from '../src/kit/tokens/access-token.js';

/** Access tokens that are not shared with other processes. */
export function createTokensOfOneProcess(): (request: TokenRequest) => Promise<string> {
  const asked = new Map<string, Promise<string>>();

  return async function token({ credential, issue, refused }) {
    for (;;) {
      const known = asked.get(credential);
      if (known && (await known) !== refused) return known;
      if (asked.get(credential) !== known) continue;
      const asking = issue().then(({ value }) => value);
      asked.set(credential, asking);
      asking.catch(() => asked.get(credential) === asking && asked.delete(credential));
      return asking;
    }
  };
}
