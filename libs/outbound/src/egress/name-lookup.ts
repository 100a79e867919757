import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { LRUCache } from 'lru-cache';

/**
 * How long an answer, and a failure, is used again. The system resolves few names at a time, and a name without a
 * server takes many seconds, so one such name must not delay the others.
 */
const ANSWER_MS = 10_000;
const FAILURE_MS = 1_000;
const NAMES_MAX = 1_000;

type Callback = (error: Error | null, addresses: readonly LookupAddress[]) => void;

/** Looks up all addresses of a name. */
export type NameLookup = (hostname: string, callback: Callback) => void;

/** Resolves a name; `addresses` is missing when there is an error. */
export type Resolve = (hostname: string, callback: (error: Error | null, addresses?: LookupAddress[]) => void) => void;

interface Resolved {
  error: Error | null;
  addresses: readonly LookupAddress[];
  /** On the clock of `now`. */
  expiresAt: number;
}

const bySystem: Resolve = (hostname, callback) => systemLookup(hostname, { all: true }, callback);

/** Looks names up as the system does, with its hosts file and search domains; one request at a time for each name. */
export function createNameLookup(resolve: Resolve = bySystem, now: () => number = () => performance.now()): NameLookup {
  const resolved = new LRUCache<string, Resolved>({ max: NAMES_MAX });
  const waiting = new Map<string, Callback[]>();

  return (hostname, callback) => {
    const others = waiting.get(hostname);
    if (others) {
      others.push(callback);
      return;
    }
    const known = resolved.get(hostname);
    if (known && known.expiresAt > now()) {
      callback(known.error, known.addresses);
      return;
    }
    const callbacks = [callback];
    waiting.set(hostname, callbacks);
    resolve(hostname, (error, addresses = []) => {
      waiting.delete(hostname);
      resolved.set(hostname, { error, addresses, expiresAt: now() + (error ? FAILURE_MS : ANSWER_MS) });
      for (const one of callbacks) one(error, addresses);
    });
  };
}
