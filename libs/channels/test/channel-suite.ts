import type { Outcome } from '#libs/contracts';
import type { Config } from '../src/kit/config/config-fields.js';

/** The situations at a provider, named by their outcomes. */
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

/** The fixtures of a channel for tests of its settings. */
export interface ChannelFixtures {
  /** Settings with every secret field, and with every address under the given one. */
  config(baseUrl: string): Config;
  /** Further settings, with the fields that exclude those of `config`. */
  otherConfigs?(baseUrl: string): Config[];
  /** Invalid settings, and the field that the error must name. */
  refused: readonly { config: (baseUrl: string) => Config; field: string }[];
  /** The expected result of `secretPaths`. */
  secretPaths: readonly string[];
}

/** A fake provider, written from the provider's documentation: a real server on loopback. */
export interface FakeProvider {
  /** Settings of an endpoint at this provider, as users write them, with every secret field. */
  readonly config: Config;
  /**
   * Sets the situation. In `unknown` it reads the message and never answers. If the protocol has texts, the text of a
   * refusal repeats the request with its secrets, because some providers do so.
   */
  play(situation: Situation): void;
  /** The texts of accepted messages as readers see them, oldest first. */
  readonly shown: readonly string[];
  /**
   * Violations of the provider's documentation: a wrong signature, a missing field, a text that is too long, an unwanted
   * mention, invalid UTF-8. Must stay empty.
   */
  readonly complaints: readonly string[];
  /** The delivery ids of the `shown` messages; missing if the provider has no field for it. */
  readonly deliveryIds?: readonly string[];
  close(): Promise<void>;
}

/** One mode of sending that the settings select. */
export interface SendMode {
  /** @param now the provider's clock, in epoch milliseconds; by default that of tests */
  start(now?: () => number): Promise<FakeProvider>;
  /** The expected outcome in each situation, or the reason why it cannot occur. In `unknown`, the outcome after an abort. */
  outcomes: Readonly<Record<Situation, (Partial<Outcome> & Pick<Outcome, 'kind'>) | string>>;
}

/** The fixtures of a channel for the whole suite; `fixtures.ts` in its folder exports them as `fixtures`. */
export interface SuiteFixtures extends ChannelFixtures, SendMode {
  /** Further modes that the suite tests, by their names: `by webhook`. */
  otherModes?: Readonly<Record<string, SendMode>>;
}
