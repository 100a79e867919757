import { LRUCache } from 'lru-cache';
import type { Principal } from '#libs/security';
import { clientOf } from './client-address.js';
import { Turns } from './turns.js';
import type { WrongKeyCount } from './wrong-key-count.js';

/** Limits of one client. */
export interface WrongKeyLimits {
  /** Wrong keys in a window that are answered without delay. */
  readonly free: number;
  readonly windowMs: number;
  /** Distance of the guesses that are answered beyond them, in one process. */
  readonly everyMs: number;
  /** Requests that wait for that. */
  readonly waitingMax: number;
}

export interface WrongKeysDeps {
  /** Whether a key has too many possible values to be guessed, such as those that Tocsin generates. */
  readonly isUnguessable: (key: string) => boolean;
  readonly limits: WrongKeyLimits;
  /** Counts over all processes; while it fails, this process counts alone. */
  readonly count: WrongKeyCount;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly onRefused: (status: 401 | 429) => void;
}

/** The status of the answer to a refused key; of a 429, when to try again. */
export type KeyRefusal = { status: 401 } | { status: 429; retryAfterSeconds: number };

/** One client that has sent wrong keys. */
interface Suspect {
  /** Wrong keys in the window, of all processes as far as known. */
  wrong: number;
  windowEndsAt: number;
  /** Wrong keys that Redis does not know of. */
  unshared: number;
  isSharing: boolean;
  readonly turns: Turns;
  /** Counts since the last report. */
  found: number;
  refused: number;
}

/** The wrong keys of one client since the last report. */
export interface ClientReport {
  client: string;
  /** Keys that were checked and found wrong. */
  wrongKeys: number;
  /** Requests that were refused without a check, as too many waited. */
  refused: number;
}

const CLIENTS_MAX = 10_000;
const KNOWN_MAX = 10_000;
/** How long a key is known at an address after its last use, in milliseconds. */
const KNOWN_MS = 86_400_000;
const SHARING_MAX = 100;

/**
 * Slows clients that send wrong keys. A client is limited after some wrong keys in a window. Then its keys are judged at a
 * fixed distance, so that guesses have a bounded rate; requests that find no turn are refused, with a valid key too. Keys that
 * cannot be guessed, and keys that this client has used before, are not slowed: many clients share the address of a proxy.
 */
export class WrongKeys {
  private readonly suspects: LRUCache<string, Suspect>;
  private readonly known: LRUCache<string, true>;
  private sharing = 0;

  constructor(private readonly deps: WrongKeysDeps) {
    const perf = { now: deps.now };
    this.suspects = new LRUCache({ max: CLIENTS_MAX, perf });
    this.known = new LRUCache({ max: KNOWN_MAX, ttl: KNOWN_MS, updateAgeOnGet: true, perf });
  }

  /**
   * Judges a key that was presented. Resolves to undefined if it is accepted, at once or when its turn has come.
   * @param principal the key's principal; undefined if the key is wrong
   */
  async judge(ip: string | undefined, key: string, principal: Principal | undefined): Promise<KeyRefusal | undefined> {
    if (principal && this.deps.isUnguessable(key)) return undefined;
    const client = clientOf(ip);
    const user = principal && `${client} ${principal.keyName}`;
    if (user !== undefined && this.known.get(user)) return undefined;
    const limited = this.limited(client);
    if (limited) {
      const wait = limited.turns.take(this.deps.now());
      // Decided without a look at the key: another answer for a valid one would let guesses through at any rate.
      if (wait === undefined) return this.refuse(limited, false);
      await this.deps.sleep(wait);
    }
    if (user === undefined) return this.refuse(this.found(client), true);
    this.known.set(user, true);
    return undefined;
  }

  /** The clients that sent wrong keys since the last report, those with the most first. */
  report(): ClientReport[] {
    const reports: ClientReport[] = [];
    const now = this.deps.now();
    for (const [client, suspect] of [...this.suspects.entries()]) {
      const { found: wrongKeys, refused } = suspect;
      if (wrongKeys + refused > 0) reports.push({ client, wrongKeys, refused });
      suspect.found = 0;
      suspect.refused = 0;
      if (suspect.windowEndsAt <= now && !suspect.isSharing) this.suspects.delete(client);
    }
    return reports.sort((a, b) => b.wrongKeys + b.refused - a.wrongKeys - a.refused);
  }

  private limited(client: string): Suspect | undefined {
    const suspect = this.suspects.get(client);
    if (!suspect || suspect.wrong < this.deps.limits.free) return undefined;
    return suspect.windowEndsAt > this.deps.now() ? suspect : undefined;
  }

  private refuse(suspect: Suspect, isChecked: boolean): KeyRefusal {
    const { now, limits } = this.deps;
    if (!isChecked) suspect.refused += 1;
    const isLimited = suspect.wrong > limits.free || !isChecked;
    this.deps.onRefused(isLimited ? 429 : 401);
    if (!isLimited) return { status: 401 };
    return { status: 429, retryAfterSeconds: Math.max(1, Math.ceil((suspect.windowEndsAt - now()) / 1_000)) };
  }

  /** Counts a key that was found wrong. */
  private found(client: string): Suspect {
    const { now, limits } = this.deps;
    let suspect = this.suspects.get(client);
    if (!suspect) {
      const turns = new Turns(limits.everyMs, limits.waitingMax);
      suspect = { wrong: 0, windowEndsAt: 0, unshared: 0, isSharing: false, turns, found: 0, refused: 0 };
      this.suspects.set(client, suspect);
    }
    if (suspect.windowEndsAt <= now()) {
      suspect.wrong = 0;
      suspect.windowEndsAt = now() + limits.windowMs;
    }
    suspect.wrong += 1;
    suspect.found += 1;
    suspect.unshared += 1;
    void this.share(client, suspect);
    return suspect;
  }

  /** Adds to the count of all processes, without waiting: the answer to a request does not depend on Redis. */
  private async share(client: string, suspect: Suspect): Promise<void> {
    if (suspect.isSharing || this.sharing >= SHARING_MAX) return;
    suspect.isSharing = true;
    this.sharing += 1;
    try {
      while (suspect.unshared > 0) {
        const sent = suspect.unshared;
        suspect.unshared = 0;
        const { count, endsInMs } = await this.deps.count(client, sent);
        suspect.wrong = Math.max(suspect.wrong, count + suspect.unshared);
        suspect.windowEndsAt = Math.max(suspect.windowEndsAt, this.deps.now() + endsInMs);
      }
    } catch {
      // Redis is away or full; this process counts alone.
    } finally {
      suspect.isSharing = false;
      this.sharing -= 1;
    }
  }
}
