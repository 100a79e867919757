import { type LookupAddress, lookup as systemLookup } from 'node:dns';

/**
 * The system resolves only a few names at a time, and one whose server is gone takes many seconds. Asking once for
 * all who wait, and not again at once, keeps such a name from holding up the others.
 */
const ANSWER_MS = 10_000;
const FAILURE_MS = 1_000;
const NAMES_MAX = 1_000;

type Answer = (error: Error | null, addresses: readonly LookupAddress[]) => void;
/** Resolves a name; the addresses are missing where there is an error. */
export type Resolve = (hostname: string, answer: (error: Error | null, addresses?: LookupAddress[]) => void) => void;

interface Name {
  waiting: Answer[] | null;
  error: Error | null;
  addresses: readonly LookupAddress[];
  until: number;
}

const bySystem: Resolve = (hostname, answer) => systemLookup(hostname, { all: true }, answer);

/** Looks names up through the system, hosts file and search domains included. */
export function createNameLookup(resolve: Resolve = bySystem, now: () => number = () => performance.now()) {
  const names = new Map<string, Name>();

  return (hostname: string, answer: Answer): void => {
    const known = names.get(hostname);
    if (known?.waiting) {
      known.waiting.push(answer);
      return;
    }
    if (known && known.until > now()) {
      answer(known.error, known.addresses);
      return;
    }
    const name: Name = { waiting: [answer], error: null, addresses: [], until: 0 };
    names.delete(hostname);
    names.set(hostname, name);
    if (names.size > NAMES_MAX) names.delete(names.keys().next().value ?? hostname);
    resolve(hostname, (error, addresses = []) => {
      const waiting = name.waiting ?? [];
      Object.assign(name, { waiting: null, error, addresses, until: now() + (error ? FAILURE_MS : ANSWER_MS) });
      for (const one of waiting) one(error, addresses);
    });
  };
}
