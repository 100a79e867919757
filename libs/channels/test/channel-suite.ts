import type { Outcome } from '#libs/contracts';
import type { Config } from '../src/kit/config/config-fields.js';

/** What can become of a message, as far as its provider decides it. */
export const SITUATIONS = [
  'delivered',
  'partial',
  'rejected',
  'misconfigured',
  'throttled',
  'unavailable',
  'unknown',
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** What a channel brings along for its tests. */
export interface ChannelFixtures {
  /** Settings with every field that holds a secret, and every address at the given one. */
  config(baseUrl: string): Config;
  /** More of them, with the fields that cannot stand beside those of the first. */
  otherConfigs?(baseUrl: string): Config[];
  /** Settings that must be refused, and the field that must be named. */
  refused: readonly { config: (baseUrl: string) => Config; field: string }[];
  /** As `secretPaths` of the channels writes them. */
  secretPaths: readonly string[];
}

/** A provider's stand-in, written from its documents: a real server on loopback. */
export interface FakeProvider {
  /** Settings that lead to it, as users write them, with every secret field filled. */
  readonly config: Config;
  /**
   * From now on it answers so; `unknown`: it reads the message and never answers. Where its protocol has room for words,
   * those of a refusal repeat what it was sent, secrets and all: some providers do.
   */
  play(situation: Situation): void;
  /** The whole texts that readers were shown of what it took, decoded as the provider decodes them, oldest first. */
  readonly shown: readonly string[];
  /**
   * What it was sent although its documents forbid it: a wrong signature, a missing field, a text too long, a mention
   * that nobody asked for, invalid UTF-8. Must stay empty.
   */
  readonly complaints: readonly string[];
  /** The deliveries that what is `shown` said it was of; missing where the provider has no place for that. */
  readonly deliveryIds?: readonly string[];
  close(): Promise<void>;
}

/** One way to send that settings may choose. */
export interface Way {
  /** @param now the provider's clock, in epoch milliseconds: that of tests unless given */
  start(now?: () => number): Promise<FakeProvider>;
  /**
   * What the channel says in each situation, or in words why there is none here; in `unknown`, once the process gives up
   * waiting.
   */
  outcomes: Readonly<Record<Situation, (Partial<Outcome> & Pick<Outcome, 'kind'>) | string>>;
}

/** What the suite needs to know of a channel: the file `fixtures.ts` of its folder exports it as `fixtures`. */
export interface SuiteFixtures extends ChannelFixtures, Way {
  /** Others that are tried as much, by their names: `by webhook`. */
  otherWays?: Readonly<Record<string, Way>>;
}
