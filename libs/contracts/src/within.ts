/** Reason why waiting ended before the work. */
export type WaitEnd = 'timeout' | 'aborted';

export interface WithinOptions {
  /** Ends the waiting early. */
  signal?: AbortSignal;
  /** Creates the error for a wait that ended before the work. */
  failure?(reason: WaitEnd): Error;
}

/**
 * Waits for `work`, at most `ms` milliseconds and until the signal is aborted; the work itself is not stopped.
 * @throws the error of `failure` when the waiting ends first
 */
export function within<T>(ms: number, work: Promise<T>, { signal, failure }: WithinOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (reason: WaitEnd): void => {
      stopWaiting();
      reject(
        failure?.(reason) ??
          new Error(reason === 'timeout' ? `not done within ${ms} ms` : 'aborted before the work was done'),
      );
    };
    const onAbort = (): void => end('aborted');
    const timer = setTimeout(() => end('timeout'), ms);
    const stopWaiting = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    work.finally(stopWaiting).then(resolve, reject);
  });
}
