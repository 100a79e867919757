import type { z } from 'zod';
import type { Outcome } from '#libs/contracts';
import type { HttpAnswer, HttpRequest } from './http-io.js';

export * from './http-io.js';
export { ALL_VARIABLES_AS_JSON } from './json-content.js';

/** One address inside an endpoint. */
export interface Target {
  /** Stable while the address stays the same; part of Redis keys, so only letters, digits, `_` and `-`. */
  id: string;
  /** For people; free of secrets. */
  label: string;
  /**
   * What the provider counts sends by: a robot, a token and its channel, a routing key. Never kept or shown. Targets with
   * the same one share their rate limits, in whatever endpoint; without one, a target is counted alone.
   */
  credential?: string;
  /** The credential is no secret, such as an address: who knows it is no owner, and only those of one team share it. */
  credentialIsPublic?: boolean;
}

/** A template rendered for one delivery. */
export interface Message {
  title: string;
  content: string;
  /** The same for every attempt of one delivery: providers and receivers recognise a repeat by it. */
  deliveryId: string;
  /** Renders another text of the endpoint's config with the delivery's variables; with `url`, values are encoded. */
  render(template: string, escaping?: 'url'): string;
}

/** Everything a channel may touch. No clock, no environment, no client of its own for HTTP. */
export interface ChannelIo {
  http(request: HttpRequest): Promise<HttpAnswer>;
  /** Ended when the process gives up waiting; a channel passes it on. */
  signal: AbortSignal;
  now(): Date;
}

/**
 * A way to deliver. The folder of a channel holds everything about it: settings, targets, default template, limits
 * and the sending itself. It reports what happened and decides nothing: it never retries, waits, logs or catches up.
 */
export interface Channel<N extends string = string, C extends z.ZodType = z.ZodType> {
  /** Stored with endpoints; never renamed. */
  readonly type: N;
  /** What test messages call it: `<label> setting validated`. */
  readonly label: string;
  /**
   * An endpoint's `config`. Secret fields carry `.meta({ writeOnly: true })`: encrypted, masked and redacted by it. A
   * record of them may name keys that are none: `.meta({ writeOnlyExcept: ['accept'] })`, in lower case. Fields that
   * are templates carry `.meta({ template: 'text' })`, or `'url'` where values are percent-encoded.
   */
  readonly config: C;
  /** The template where an endpoint has none. */
  readonly template: { readonly title: string; readonly content: string };
  /** What the provider documents; nine tenths of `rate` is an endpoint's default rate limit. */
  readonly limits: {
    readonly rate: { readonly max: number; readonly per: string } | null;
    readonly documentedAt: string | null;
  };
  /** The addresses an endpoint's config names, in its order. */
  targets(config: z.output<C>): Target[];
  /** How long a send may take, in milliseconds; leases are built on it. */
  timeoutMs(config: z.output<C>): number;
  send(message: Message, to: { config: z.output<C>; target: Target }, io: ChannelIo): Promise<Outcome>;
}

/** Gives a channel its exact types without writing them down. */
export const defineChannel = <const N extends string, C extends z.ZodType>(channel: Channel<N, C>): Channel<N, C> =>
  channel;
