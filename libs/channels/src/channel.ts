import type { Socket } from 'node:net';
import type { z } from 'zod';
import type { Escaping, Language, Level, Outcome, TemplateVariables, TextLimit } from '#libs/contracts';
import type { HttpAnswer, HttpRequest } from './kit/http/http-request.js';

import type { Reuse } from './kit/network/connection-cache.js';
import type { TokenRequest } from './kit/tokens/access-token.js';

/** One address of an endpoint. */
export interface Target {
  /** Stable while the address stays the same. A part of Redis keys, so only letters, digits, `_` and `-`. */
  id: string;
  /** A name for people, without secrets. */
  label: string;
  /**
   * An id of the credential that the provider counts sends by: a robot, a token with its channel, a routing key. Targets of any
   * endpoint with the same credential share their rate limits. Without one, the target is counted alone.
   */
  credential?: string;
  /** A limit of the content below that of the channel. */
  content?: TextLimit;
  /** The credential is not secret, such as a mail address, so only endpoints of one team share its rate limits. */
  credentialIsPublic?: boolean;
}

/** A message rendered for one delivery. */
export interface Message {
  title: string;
  content: string;
  level: Level;
  /** The language of the installation, for texts that the channel adds. */
  lang: Language;
  /** The variables of the template. */
  variables: TemplateVariables;
  /** The same for every attempt, so that providers and receivers can recognise a repeated message. */
  deliveryId: string;
  thread: Thread;
  /** The recipients that the last attempt left, if some have accepted the message already. */
  earlier?: { remaining: readonly string[]; refused: readonly string[] };
  /** A test of the endpoint: an alert that it opens at the provider is closed at once. */
  test?: true;
  /**
   * Renders another template of the endpoint's config with the same variables.
   * @throws if the template fails
   */
  render(template: string, escaping?: Escaping): Promise<string>;
}

/** The conversation of one episode at one endpoint. */
export interface Thread {
  /** The same for all messages of the episode; letters, digits, `_` and `-` only. */
  id: string;
  /** The id of the previous delivery of the episode, if known. */
  follows?: string;
  /** The receipt of the first message that this target accepted in the episode, see {@link Outcome.receipt}. */
  receipt?: string;
}

/** The mail server and sender of the platform, for endpoints without their own. */
export interface Platform {
  smtpUrl?: string;
  smtpFrom?: string;
}

/** The resources that a channel may use. It has no clock, environment or network access of its own. */
export interface ChannelIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  /** Opens a TCP connection to an address that deliveries may reach; rejects with a `NetworkFailure`. */
  connect(to: { host: string; port: number; timeoutMs: number }): Promise<Socket>;
  /** Resolves a host to an address that deliveries may reach; rejects with a `NetworkFailure`. */
  resolve(host: string): Promise<{ address: string; family: 4 | 6 }>;
  /** Returns a cached connection, or opens one. The key names all settings in which connections differ. */
  reuse: Reuse;
  /**
   * The access token of a credential, shared by all workers. It is requested if there is none, or the provider has
   * refused it, by one worker at a time.
   * @throws {NotIssued} if the provider issues none, and any error of `issue`
   */
  token(request: TokenRequest): Promise<string>;
  platform: Platform;
  /**
   * Checks the worker's in-flight lease. A channel calls it directly before it writes the first byte of the message to an
   * open connection; requests of `io.http` are checked by themselves.
   * @throws {LeaseExpired} after which the channel writes nothing of the message
   */
  beforeWrite(): void;
  /** Aborted when the process stops waiting for sends; a channel passes it on. */
  signal: AbortSignal;
  now(): Date;
}

/** A problem of a config that fits its schema. */
export interface ConfigProblem {
  path: readonly string[];
  message: string;
}

/**
 * A channel: its settings, targets, default template, limits and sending, all in one folder. It reports the result of
 * a send and decides nothing: it never retries, waits or logs.
 */
export interface Channel<N extends string = string, C extends z.ZodType = z.ZodType> {
  /** Stored with endpoints; never renamed. */
  readonly type: N;
  /** The name in test messages, `<label> setting validated`, unless `testText` replaces the text. */
  readonly label: string;
  readonly testText?: string;
  /** People receive a test as plain text; programs receive all variables, as with any message. */
  readonly readBy: 'people' | 'programs';
  /**
   * The schema of an endpoint's `config`. `.meta({ writeOnly: true })` marks a secret, to be encrypted, masked and
   * redacted; for a record, `.meta({ writeOnlyExcept: ['accept'] })` lists keys that are not secret, in lower case.
   * `.meta({ template: 'text' })` marks a template, `'url'` one whose values are percent-encoded.
   * `.meta({ destination: 'origin' })` marks a field that decides where secrets go, see `kit/config/destination-mark.ts`: a change
   * that keeps a stored secret is refused. A channel with a secret has such a field.
   */
  readonly config: C;
  /** The escaping of values in title and content. The text of a template is its author's and is not escaped. */
  readonly escaping?: Escaping;
  /** Deliveries that wait too long for the rate may be combined into a digest. Not for channels whose messages trigger actions. */
  readonly digests?: true;
  /** The template of endpoints without their own. */
  readonly template: Readonly<Record<Language, { readonly title: string; readonly content: string }>>;
  /**
   * The provider's documented limits. The default rate limit of an endpoint is nine tenths of `rate`; `burst` applies
   * besides, unless the endpoint allows more than `rate`. Longer texts are cut.
   */
  readonly limits: {
    readonly rate: { readonly max: number; readonly per: string } | null;
    readonly burst?: { readonly max: number; readonly per: string };
    readonly title?: TextLimit;
    readonly content?: TextLimit;
    readonly documentedAt: string | null;
  };
  /** Problems that depend on the platform; checked when an endpoint is saved. */
  problems?(config: z.output<C>, platform: Platform): ConfigProblem[];
  /** The addresses of an endpoint, in the order of its config. */
  targets(config: z.output<C>): Target[];
  /** The time limit of a send in milliseconds; in-flight leases are longer. */
  timeoutMs(config: z.output<C>): number;
  send(message: Message, to: { config: z.output<C>; target: Target }, io: ChannelIo): Promise<Outcome>;
}

/** Declares a channel with its exact types. */
export const defineChannel = <const N extends string, C extends z.ZodType>(channel: Channel<N, C>): Channel<N, C> =>
  channel;
