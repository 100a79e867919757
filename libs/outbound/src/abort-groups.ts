import type { Exchange } from './exchange.js';

/** One listener for all exchanges of a signal: hundreds share one, and a listener is found by walking all others. */
export function createAbortGroups() {
  const groups = new WeakMap<AbortSignal, Set<Exchange>>();

  function groupOf(signal: AbortSignal): Set<Exchange> {
    const known = groups.get(signal);
    if (known) return known;
    const group = new Set<Exchange>();
    groups.set(signal, group);
    const stopAll = () => {
      for (const exchange of group) exchange.stop('ABORTED', 'given up');
    };
    signal.addEventListener('abort', stopAll, { once: true });
    return group;
  }

  return {
    add(signal: AbortSignal, exchange: Exchange): void {
      groupOf(signal).add(exchange);
    },
    remove(signal: AbortSignal, exchange: Exchange): void {
      groups.get(signal)?.delete(exchange);
    },
  };
}
