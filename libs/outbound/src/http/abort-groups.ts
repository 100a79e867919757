import type { HttpExchange } from './http-exchange.js';

/** Stops all exchanges of a signal through one listener: hundreds share a signal, and removing a listener is linear. */
export function createAbortGroups() {
  const groups = new WeakMap<AbortSignal, Set<HttpExchange>>();

  function groupOf(signal: AbortSignal): Set<HttpExchange> {
    const known = groups.get(signal);
    if (known) return known;
    const group = new Set<HttpExchange>();
    groups.set(signal, group);
    const stopAll = () => {
      for (const exchange of group) exchange.stop('ABORTED', 'aborted');
    };
    signal.addEventListener('abort', stopAll, { once: true });
    return group;
  }

  return {
    add(signal: AbortSignal, exchange: HttpExchange): void {
      groupOf(signal).add(exchange);
    },
    remove(signal: AbortSignal, exchange: HttpExchange): void {
      groups.get(signal)?.delete(exchange);
    },
  };
}
