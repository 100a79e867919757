import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { channelByType } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import type { SettingsSource } from '#libs/contracts';
import {
  createDeliver,
  createDestinations,
  createDirectTurns,
  createHandover,
  createRates,
  createSlots,
  createTurnQueues,
  createTurns,
  type Deliver,
  readClocks,
  type SendDeps,
  type Turns,
} from '#libs/delivery';
import { createMailboxes } from '#libs/mailbox';
import { createReplayer } from '#libs/operations';
import { createOutlet } from '#libs/outbound';
import { type RedisClient, watchRedis } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { createRenderer } from '#libs/templates';
import { logAttempt, logDrop } from './log-attempt.js';
import { createPolicyNames } from './policy-names.js';

/** Interval at which an idle worker checks Redis; a command refused for lack of memory triggers a check at once. */
const IDLE_CHECK_EVERY_MS = 10_000;
/** Time to wait for receivers when the process stops; other workers repeat sends without an answer by then. */
const ABORT_SENDS_AFTER_MS = 8_000;

const monotonicNow = (): number => performance.now();

export interface DeliveryPartsDeps {
  config: ServerConfig;
  redis: RedisClient;
  queueOf(channel: string): Queue | undefined;
  settings: SettingsSource;
  logger: Logger;
}

export type DeliveryParts = ReturnType<typeof createDeliveryParts>;

const deliverBy = (
  sending: SendDeps,
  { config, settings, logger }: Pick<DeliveryPartsDeps, 'config' | 'settings' | 'logger'>,
): Deliver =>
  createDeliver({
    ...sending,
    lang: config.lang,
    policyName: createPolicyNames(settings),
    now: Date.now,
    monotonicNow,
    random: Math.random,
    report: (attempt) => logAttempt(logger, attempt),
    reportDrop: (drop) => logDrop(logger, drop),
  });

/** Creates the parts of a worker that deliver; nothing runs yet but the watch of Redis. */
export function createDeliveryParts(
  served: readonly string[],
  { config, redis, queueOf, settings, logger }: DeliveryPartsDeps,
) {
  const onError = (error: unknown): void =>
    logger.warn({ err: error }, 'a step of delivery failed and will be repeated');
  const watch = watchRedis(redis, { allowUnsafe: true, calmEveryMs: IDLE_CHECK_EVERY_MS });
  const mailboxes = createMailboxes(redis, { shedding: watch.pressed });
  const destinations = createDestinations(settings, channelByType);
  const abortSends = new AbortController();
  const { egressDeny, platform, secretKey } = config;
  const outlet = createOutlet({
    egressDeny,
    platform,
    secretKey,
    redis,
    signal: abortSends.signal,
    onError: (error) => logger.warn({ err: error }, 'an access token could not be shared with other processes'),
  });
  const renderer = createRenderer();
  const deliver = deliverBy({ io: outlet.io, renderer }, { config, settings, logger });
  const queues = createDirectTurns({
    queues: createTurnQueues(queueOf, redis),
    turnsOf: (channel) => turns.get(channel),
    watch,
    onError,
  });
  const handover = createHandover({ redis, settings, queues, channelOf: channelByType, onError });
  const rates = createRates(redis, randomUUID);
  const ofAllChannels = {
    mailboxes,
    queues,
    destinations,
    rates,
    deliver,
    handover,
    sleep,
    now: monotonicNow,
    readClocks,
    onError,
  };
  const turns: ReadonlyMap<string, Turns> = new Map(
    served.map((channel) => [channel, createTurns({ ...ofAllChannels, slots: createSlots(config.concurrency) })]),
  );
  const replayer = createReplayer({ mailboxes, queues, settings, channelOf: channelByType, watch, onError });

  return {
    watch,
    mailboxes,
    destinations,
    queues,
    handover,
    turns,
    replayer,
    onError,
    /** Takes nothing more, and waits for deliveries in flight. */
    async stopTurns(): Promise<void> {
      watch.stop();
      queues.stop();
      const timer = setTimeout(() => abortSends.abort(), ABORT_SENDS_AFTER_MS);
      await Promise.all([...turns.values()].map((one) => one.stop()));
      clearTimeout(timer);
    },
    async close(): Promise<void> {
      await Promise.all([renderer.close(), outlet.close()]);
    },
  };
}
