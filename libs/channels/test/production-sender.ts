import { randomUUID } from 'node:crypto';
import type { AlertEvent, Language, Outcome } from '#libs/contracts';
import type { createRenderer } from '#libs/templates';
import { sendLeased } from '../../delivery/src/send/send.js';
import type { SendLease } from '../../delivery/src/send/write-gate.js';
import { anEndpoint } from '../../delivery/test/an-endpoint.js';
import type { Channel, Target } from '../src/channel.js';
import type { Config } from '../src/kit/config/config-fields.js';
import type { HttpAnswer, HttpRequest } from '../src/kit/index.js';
import { listSecrets } from '../src/kit/secrets/map-secrets.js';
import { createTestIo } from './test-io.js';
import { AWKWARD_EVENT } from './test-message.js';

export interface SendOptions {
  target?: Target;
  event?: Partial<AlertEvent>;
  deliveryId?: string;
  lang?: Language;
  signal?: AbortSignal;
  test?: true;
  /** The provider repeats the request in the text of its answer. */
  echo?: boolean;
  /** The worker's in-flight lease; by default it holds. */
  lease?: SendLease;
}

export interface Sender {
  readonly targets: readonly Target[];
  /** @throws {Dropped} if the lease ran out before the message was sent */
  send(options?: SendOptions): Promise<Outcome>;
  /** The secrets of the settings, parts of URLs among them, and the access tokens so far. */
  secrets(): string[];
  close(): Promise<void>;
}

/** The message was not sent, because its lease had run out. */
export class Dropped extends Error {}

/** Sends as workers do: renders, cuts, sends by the channel, and redacts the outcome. */
export function createSender(
  channel: Channel,
  settings: Config,
  renderer: ReturnType<typeof createRenderer>,
  deny: string[] = [],
): Sender {
  const testIo = createTestIo({ deny });
  const config = channel.config.parse(settings) as Config;
  const endpoint = anEndpoint({ channel: channel.type, config, template: {} });
  const targets = channel.targets(config);
  const tokens: string[] = [];

  return {
    targets,
    send: async ({
      target,
      event,
      deliveryId = randomUUID(),
      lang = 'en',
      signal,
      test,
      echo,
      lease = { isHeld: true },
    } = {}) => {
      const io = testIo.io(signal);
      const sent = await sendLeased(
        {
          channel,
          endpoint: test ? { ...endpoint, template: { title: '{{ title }}', content: '{{ content }}' } } : endpoint,
          target: target ?? targets[0] ?? { id: 'none', label: 'none' },
          event: { ...AWKWARD_EVENT, ...event },
          delivery: {
            id: deliveryId,
            suppressedCount: 3,
            delayedByMs: 0,
            thread: { id: 'thread-1' },
            ...(test && { test }),
          },
          policyName: 'CPU high',
          lang,
        },
        {
          io: {
            ...io,
            http: async (request) => (echo ? repeating(await io.http(request), request) : io.http(request)),
            token: async (request) => {
              const token = await io.token(request);
              tokens.push(token);
              return token;
            },
          },
          renderer,
        },
        lease,
      );
      if (!sent) throw new Dropped();
      return sent.outcome;
    },
    secrets: () => [...new Set([...listSecrets(channel.config, config).flatMap(partsOf), ...tokens])],
    close: () => testIo.close(),
  };
}

const KEY_CHARS_MIN = 12;

/** A secret, and the secret parts of a URL: the end of its path, or the values of its query. */
function partsOf(secret: string): string[] {
  if (!/^https?:/i.test(secret)) return [secret];
  const { pathname, searchParams } = new URL(secret);
  const parts = searchParams.size > 0 ? [...searchParams.values()] : pathname.split('/').slice(-1);
  return [secret, ...parts.filter((part) => part.length >= KEY_CHARS_MIN)];
}

/** The answer with the request repeated in its texts: in the messages of JSON, or in the whole body. */
function repeating(answer: HttpAnswer, { url, headers, body }: HttpRequest): HttpAnswer {
  const { pathname, search } = new URL(url);
  const echo = ` (you sent: ${url} to ${pathname}${search} with ${JSON.stringify(headers)}: ${body})`;
  const worded = (key: string, value: unknown): unknown =>
    typeof value === 'string' && /msg|mess|desc|detail|reason|hint/i.test(key) ? value + echo : value;
  return { ...answer, excerpt: inJson(answer.excerpt, worded) ?? answer.excerpt + echo };
}

function inJson(text: string, map: (key: string, value: unknown) => unknown): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text, map));
  } catch {
    return undefined;
  }
}
