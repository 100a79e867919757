import { NetworkFailure } from '../kit/index.js';

export interface Patience {
  timeoutMs: number;
  signal: AbortSignal;
}

/** What work gives, unless it takes too long or is given up; nothing was sent then. The work itself goes on unheard. */
export function within<T>(work: Promise<T>, { timeoutMs, signal }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => end(new NetworkFailure(`not within ${timeoutMs} ms, nothing was sent`, 'TIMEOUT', false));
    const given = (): void => end(new NetworkFailure('given up, nothing was sent', 'ABORTED', false));
    const timer = setTimeout(late, timeoutMs);
    signal.addEventListener('abort', given);
    const end = (failure: unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', given);
      reject(failure);
    };
    work.then((result) => {
      resolve(result);
      end(undefined);
    }, end);
  });
}
