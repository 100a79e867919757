import { expect, it } from 'vitest';
import type { Outcome } from '#libs/contracts';
import { createTokensOfOneProcess } from '../../../test/tokens-of-one-process.js';
import { NotIssued } from './access-token.js';
import { sendWithToken } from './send-with-token.js';

/** Sends with tokens token-1, token-2 …; the provider refuses those in the list. */
function sender(refused: readonly string[], issue?: () => Promise<{ value: string; lifetimeMs: number }>) {
  const sent: string[] = [];
  let issued = 0;
  const token = createTokensOfOneProcess();
  const send = (): Promise<Outcome> =>
    sendWithToken(
      { token },
      {
        credential: 'c',
        issue: issue ?? (async () => ({ value: `token-${++issued}`, lifetimeMs: 1_000 })),
        isRefused: ({ code }) => code === 'no token',
        async send(token) {
          sent.push(token);
          const outcome = { message: `with ${token}`, excerpt: `"${encodeURIComponent(token)}"` };
          if (refused.includes(token)) return { ...outcome, kind: 'misconfigured', code: 'no token' };
          return { ...outcome, kind: 'delivered' };
        },
      },
    );
  return { send, sent };
}

it('reuses a token until it is refused', async () => {
  const { send, sent } = sender([]);
  await Promise.all([send(), send(), send()]);
  expect(sent).toEqual(['token-1', 'token-1', 'token-1']);
});

it('replaces a refused token once, and redacts both', async () => {
  const { send, sent } = sender(['token-1']);
  expect(await send()).toEqual({ kind: 'delivered', message: 'with ********', excerpt: '"********"' });
  expect(await send()).toMatchObject({ kind: 'delivered' });
  expect(sent).toEqual(['token-1', 'token-2', 'token-2']);
});

it('does not retry when the new token is refused too', async () => {
  const { send, sent } = sender(['token-1', 'token-2']);
  expect(await send()).toMatchObject({ kind: 'misconfigured', code: 'no token', message: 'with ********' });
  expect(sent).toEqual(['token-1', 'token-2']);
});

it('sends nothing without a token, and returns the outcome of the token request', async () => {
  const outcome: Outcome = { kind: 'misconfigured', code: '40001', message: 'no' };
  const { send, sent } = sender([], () => Promise.reject(new NotIssued(outcome)));
  expect(await send()).toEqual(outcome);
  expect(sent).toEqual([]);
});

it('throws an error of our own again', async () => {
  const { send } = sender([], () => Promise.reject(new TypeError('oops')));
  await expect(send()).rejects.toThrow('oops');
});
