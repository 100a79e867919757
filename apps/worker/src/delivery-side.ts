import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { createRouter, type Router } from '#libs/admission';
import { type ChannelIo, channelByType } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import type { Settings, SettingsSource } from '#libs/contracts';
import {
  type AttemptReport,
  createDeliver,
  createDestinations,
  createLease,
  createMailboxes,
  createSlots,
  createTurnQueues,
  createTurns,
  type Mailboxes,
  sweep,
  type TurnQueues,
  type Turns,
} from '#libs/delivery';
import type { RedisClient } from '#libs/redis';
import type { GuardedHttp } from '#libs/security';
import type { Logger } from '#libs/telemetry';
import { type KeptRecords, keepRecords } from './record-keeping.js';
import { repeat } from './repeat.js';
import { rouseOnChange } from './rouser.js';

const SWEEP_EVERY_MS = 1_000;
/** Shorter than a turn's silence, longer than a hiccup: the recorder's duty passes on after it. */
const LEASE_MS = 5_000;

export interface DeliverySideParts {
  config: ServerConfig;
  redis: RedisClient;
  queueOf(channel: string): Queue | undefined;
  settings: SettingsSource;
  log: KeptRecords;
  http: GuardedHttp;
  logger: Logger;
}

/** What a worker process does besides answering its queues. */
export interface DeliverySide {
  turns: ReadonlyMap<string, Turns>;
  start(): void;
  /** Takes nothing more, waits for what is in flight, and hands its duties on. */
  stop(): Promise<void>;
}

/** Puts the delivery side of a process together. */
export function createDeliverySide(served: readonly string[], parts: DeliverySideParts): DeliverySide {
  const { config, redis, settings, logger } = parts;
  const mailboxes = createMailboxes(redis);
  const queues = createTurnQueues(parts.queueOf, mailboxes);
  const onError = (error: unknown): void => logger.warn({ err: error }, 'a step of delivery will be repeated');
  const turns = new Map(served.map((channel) => [channel, channelTurns(parts, mailboxes, queues, onError)]));
  let stoppers: (() => Promise<void> | void)[] = [];
  return {
    turns,
    start() {
      const holder = `${process.pid}-${randomUUID()}`;
      const lease = createLease(redis, 'recorder', holder, LEASE_MS);
      const sweeping = repeat(() => sweep(mailboxes, queues).then(() => false), SWEEP_EVERY_MS, onError);
      const keeping = keepRecords({
        redis,
        log: parts.log,
        lease,
        retentionMs: config.retentionMs,
        now: Date.now,
        logger,
      });
      stoppers = [rouseOnChange(settings, channelByType, mailboxes, queues, onError), sweeping.stop, keeping.stop];
    },
    async stop() {
      await Promise.all([...turns.values()].map((one) => one.stop()));
      await Promise.all(stoppers.map((stop) => stop()));
    },
  };
}

function channelTurns(
  { config, settings, http, logger }: DeliverySideParts,
  mailboxes: Mailboxes,
  queues: TurnQueues,
  onError: (error: unknown) => void,
): Turns {
  const signal = new AbortController().signal;
  const io: ChannelIo = { http: (request) => http.http({ ...request, signal }), signal, now: () => new Date() };
  const deliver = createDeliver({
    io,
    lang: config.lang,
    policyName: policyNames(settings),
    now: Date.now,
    random: Math.random,
    report: (attempt) => reportAttempt(logger, attempt),
  });
  return createTurns({
    mailboxes,
    queues,
    slots: createSlots(config.concurrency),
    destinations: createDestinations(settings, channelByType),
    deliver,
    sleep,
    now: Date.now,
    onError,
    onSettleError: onError,
  });
}

/** One wide line an attempt: at debug where all went well. */
function reportAttempt(logger: Logger, { attempt, ...about }: AttemptReport): void {
  const level = attempt.outcome === 'delivered' ? 'debug' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  const { excerpt: _, ...fields } = attempt;
  logger[level]({ ...about, ...fields }, 'delivery.attempted');
}

function policyNames(settings: SettingsSource): (team: string, policy: string) => string {
  let known: { settings: Settings; router: Router } | undefined;
  return (team, policy) => {
    const current = settings.current();
    if (!current) return policy;
    if (known?.settings !== current) known = { settings: current, router: createRouter(current) };
    return known.router.policyName(team, policy);
  };
}
