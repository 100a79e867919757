import { NetworkFailure } from '../kit/index.js';

/** The limits of waiting for a send. */
export interface SendLimits {
  timeoutMs: number;
  signal: AbortSignal;
}

/** The result of work before anything is sent, or a failure at the time limit or abort. The work itself is not stopped. */
export function within<T>(work: Promise<T>, { timeoutMs, signal }: SendLimits): Promise<T> {
  return new Promise((resolve, reject) => {
    const onTimeout = (): void =>
      fail(new NetworkFailure(`not within ${timeoutMs} ms, nothing was sent`, 'TIMEOUT', false));
    const onAbort = (): void => fail(new NetworkFailure('given up, nothing was sent', 'ABORTED', false));
    const timer = setTimeout(onTimeout, timeoutMs);
    signal.addEventListener('abort', onAbort);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (failure: unknown): void => {
      stopWaiting();
      reject(failure);
    };
    work.then((result) => {
      stopWaiting();
      resolve(result);
    }, fail);
  });
}
