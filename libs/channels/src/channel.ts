import type { Socket } from 'node:net';
import type { z } from 'zod';
import type { Escaping, Language, Level, Outcome, TemplateVariables, TextLimit } from '#libs/contracts';
import type { HttpAnswer, HttpRequest } from './kit/http/http-request.js';
import type { Keep } from './kit/network/connection-cache.js';
import type { TokenRequest } from './kit/tokens/access-token.js';

/** One address inside an endpoint. */
export interface Target {
  /** Stable while the address stays the same; part of Redis keys, so only letters, digits, `_` and `-`. */
  id: string;
  /** For people; free of secrets. */
  label: string;
  /**
   * What the provider counts sends by: a robot, a token and its channel, a routing key, each at the address where it is
   * taken. Never kept or shown. Targets with the same one share their rate limits, in whatever endpoint; without one, a
   * target is counted alone.
   */
  credential?: string;
  /** Where it takes less than the channel's limit says. */
  content?: TextLimit;
  /** The credential is no secret, such as an address: who knows it is no owner, and only those of one team share it. */
  credentialIsPublic?: boolean;
}

/** A template rendered for one delivery, and what it tells of. */
export interface Message {
  title: string;
  content: string;
  level: Level;
  /** The language of the installation, for words of the channel's own. */
  lang: Language;
  /** What templates may name. */
  variables: TemplateVariables;
  /** The same for every attempt of one delivery: providers and receivers recognise a repeat by it. */
  deliveryId: string;
  thread: Thread;
  /** Where some recipients have taken the message already: what the last attempt said of the others. */
  earlier?: { remaining: readonly string[]; refused: readonly string[] };
  /** A test of the endpoint: where a provider keeps an alert open, it is closed at once. */
  test?: true;
  /**
   * Renders another text of the endpoint's config with the delivery's variables.
   * @throws when the template fails
   */
  render(template: string, escaping?: Escaping): Promise<string>;
}

/** What belongs together for people: all that an endpoint is told of one episode. */
export interface Thread {
  /** The same for all messages of it; of letters, digits, `_` and `-`. */
  id: string;
  /** The delivery that told last of what this message goes on with or ends; missing where it is not known. */
  follows?: string;
  /** What the first message of the episode that this target took came back with, see {@link Outcome.receipt}. */
  receipt?: string;
}

/** The mail server and sender of the platform, for endpoints that name none. */
export interface Platform {
  smtpUrl?: string;
  smtpFrom?: string;
}

/** Everything a channel may touch. No clock, no environment, no way to the network of its own. */
export interface ChannelIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  /** Opens a TCP connection to an address that deliveries may reach; rejects with a {@link NetworkFailure}. */
  connect(to: { host: string; port: number; timeoutMs: number }): Promise<Socket>;
  /** An address of the host that deliveries may reach; rejects with a {@link NetworkFailure}. */
  resolve(host: string): Promise<{ address: string; family: 4 | 6 }>;
  /** Keeps what is worth opening once, by a key of all that makes it different from others. */
  keep: Keep;
  /**
   * The token of a credential, the same for all worker processes: asked for where there is none yet, or where the provider
   * has refused it. One asks at a time.
   * @throws {NotIssued} when the provider gives none, and whatever `issue` throws
   */
  token(request: TokenRequest): Promise<string>;
  platform: Platform;
  /** Ended when the process gives up waiting; a channel passes it on. */
  signal: AbortSignal;
  now(): Date;
}

/** What is wrong with a config although it fits its schema. */
export interface ConfigProblem {
  path: readonly string[];
  message: string;
}

/**
 * A way to deliver. The folder of a channel holds everything about it: settings, targets, default template, limits
 * and the sending itself. It reports what happened and decides nothing: it never retries, waits, logs or catches up.
 */
export interface Channel<N extends string = string, C extends z.ZodType = z.ZodType> {
  /** Stored with endpoints; never renamed. */
  readonly type: N;
  /** What test messages call it: `<label> setting validated`, unless it has a text of its own. */
  readonly label: string;
  readonly testText?: string;
  /** People are sent the bare text of a test; programs are sent all variables, as ever. */
  readonly readBy: 'people' | 'programs';
  /**
   * An endpoint's `config`. Secret fields carry `.meta({ writeOnly: true })`: encrypted, masked and redacted by it. A
   * record of them may name keys that are none: `.meta({ writeOnlyExcept: ['accept'] })`, in lower case. Fields that
   * are templates carry `.meta({ template: 'text' })`, or `'url'` where values are percent-encoded.
   */
  readonly config: C;
  /** How values stand in title and content: the text of a template is its author's, what an alert brings is not. */
  readonly escaping?: Escaping;
  /** What waits too long for its rate may be told in one message. Not where each message does something by itself. */
  readonly digests?: true;
  /** The template where an endpoint has none. */
  readonly template: Readonly<Record<Language, { readonly title: string; readonly content: string }>>;
  /**
   * What the provider documents; nine tenths of `rate` is an endpoint's default rate limit, and `burst` is kept besides
   * unless the endpoint allows more than `rate`. Longer texts are cut.
   */
  readonly limits: {
    readonly rate: { readonly max: number; readonly per: string } | null;
    readonly burst?: { readonly max: number; readonly per: string };
    readonly title?: TextLimit;
    readonly content?: TextLimit;
    readonly documentedAt: string | null;
  };
  /** What cannot be told from the config alone; asked when an endpoint is saved. */
  problems?(config: z.output<C>, platform: Platform): ConfigProblem[];
  /** The addresses an endpoint's config names, in its order. */
  targets(config: z.output<C>): Target[];
  /** How long a send may take, in milliseconds; leases are built on it. */
  timeoutMs(config: z.output<C>): number;
  send(message: Message, to: { config: z.output<C>; target: Target }, io: ChannelIo): Promise<Outcome>;
}

/** Gives a channel its exact types without writing them down. */
export const defineChannel = <const N extends string, C extends z.ZodType>(channel: Channel<N, C>): Channel<N, C> =>
  channel;
