import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { createRouter, type Router } from '#libs/admission';
import { channelByType, channels } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import type { Settings, SettingsSource } from '#libs/contracts';
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
  resumeSleepingTurns,
  reviveLostTurns,
  type SendDeps,
  type Turns,
} from '#libs/delivery';
import { createMailboxes } from '#libs/mailbox';
import { createReplayer } from '#libs/operations';
import { createOutlet } from '#libs/outbound';
import { createLeaderLock, type RedisClient, type RedisWatch, type RepeatLoop, repeat, watchRedis } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { createRenderer } from '#libs/templates';
import { type ReplayLog, replayDied } from './failed-turn.js';
import { type KeptRecords, keepRecords } from './record-keeping.js';
import { reportAttempt } from './report-attempt.js';
import type { Retry } from './turn-processor.js';

/** Each worker looks for lost turns of its channels, should nobody do it for all; in a full Redis turns come by it alone. */
const SWEEP_EVERY_MS = 10_000;
const SWEEP_FULL_EVERY_MS = 1_000;
const ROUSE_EVERY_MS = 30_000;
/** An idle worker looks at Redis so often; a command refused for want of memory makes it look at once. */
const CALM_LOOK_EVERY_MS = 10_000;
/** A process that is to end waits so long for receivers; what has no answer by then is tried again elsewhere. */
const GIVE_UP_MS = 8_000;
/** Shorter than a turn's silence, longer than a hiccup: the recorder's duty passes on after it. */
const LOCK_MS = 5_000;

export interface DeliverySideParts {
  config: ServerConfig;
  redis: RedisClient;
  queueOf(channel: string): Queue | undefined;
  settings: SettingsSource;
  log: KeptRecords & ReplayLog;
  logger: Logger;
}

/** What a worker process does besides answering its queues. */
export interface DeliverySide {
  turns: ReadonlyMap<string, Turns>;
  /** Replays what died in a turn. */
  retry: Retry;
  /** Tells whether the queues are to be left alone, because Redis is full: first, and whenever that changes. */
  start(leaveQueues: (full: boolean) => void): void;
  /** Takes note of what a queue's worker complains of. */
  noteQueueError(error: unknown): void;
  /** Takes nothing more, waits for what is in flight, and hands its duties on. */
  stop(): Promise<void>;
}

/** Puts the delivery side of a process together. */
export function createDeliverySide(served: readonly string[], parts: DeliverySideParts): DeliverySide {
  const { config, redis, settings, logger } = parts;
  const watch = watchRedis(redis, { allowUnsafe: true, calmEveryMs: CALM_LOOK_EVERY_MS });
  const mailboxes = createMailboxes(redis, { shedding: watch.pressed });
  const destinations = createDestinations(settings, channelByType);
  const rates = createRates(redis, randomUUID);
  const givingUp = new AbortController();
  const onError = (error: unknown): void => logger.warn({ err: error }, 'a step of delivery will be repeated');
  const { egressDeny, platform, secretKey } = config;
  const outlet = createOutlet({
    egressDeny,
    platform,
    secretKey,
    redis,
    signal: givingUp.signal,
    onError: (error) => logger.warn({ err: error }, 'a token could not be shared with other processes'),
  });
  const renderer = createRenderer();
  const queues = createDirectTurns({
    queues: createTurnQueues(parts.queueOf, redis),
    turnsOf: (channel) => turns.get(channel),
    watch,
    onError,
  });
  const handover = createHandover({ redis, settings, queues, channelOf: channelByType, onError });
  const turns: ReadonlyMap<string, Turns> = new Map(
    served.map((channel) => {
      const deliver = createDelivering(parts, { io: outlet.io, renderer });
      const slots = createSlots(config.concurrency);
      const turnDeps = {
        mailboxes,
        queues,
        destinations,
        rates,
        slots,
        deliver,
        handover,
        sleep,
        now: Date.now,
        onError,
      };
      return [channel, createTurns(turnDeps)];
    }),
  );
  const replayer = createReplayer({ mailboxes, queues, settings, channelOf: channelByType, watch, onError });
  let duties: RepeatLoop[] = [];
  let forgetSettings: () => void = () => {};
  return {
    turns,
    retry: (ids) => replayDied(ids, parts.log, replayer),
    start(leaveQueues) {
      keepOffFullQueues(watch, leaveQueues, logger);
      const holder = `${process.pid}-${randomUUID()}`;
      const lock = createLeaderLock(redis, { duty: 'recorder', holder, ttlMs: LOCK_MS, now: Date.now });
      const { retentionMs } = config;
      const rousing = keepRousing(settings, () => resumeSleepingTurns(destinations, mailboxes, queues), onError);
      forgetSettings = settings.onChange(rousing.now);
      const sweepFor = (types: readonly string[]) => reviveLostTurns({ mailboxes, queues, handover }, types);
      const sweepAll = () => sweepFor(channels.map(({ type }) => type));
      duties = [
        rousing,
        repeat(
          () => sweepFor(served).then(() => false),
          () => (watch.full() ? SWEEP_FULL_EVERY_MS : SWEEP_EVERY_MS),
          onError,
        ),
        keepRecords({ redis, log: parts.log, lock, retentionMs, sweep: sweepAll, now: Date.now, logger }),
      ];
    },
    noteQueueError(error) {
      if (!watch.note(error)) logger.debug({ err: error }, 'queue error');
    },
    async stop() {
      watch.stop();
      queues.stop();
      const timer = setTimeout(() => givingUp.abort(), GIVE_UP_MS);
      await Promise.all([...turns.values()].map((one) => one.stop()));
      clearTimeout(timer);
      forgetSettings();
      await Promise.all([...duties.map((duty) => duty.stop()), renderer.close(), outlet.close()]);
    },
  };
}

/** BullMQ's workers would ask a full Redis again and again; what they would do is done without them. */
function keepOffFullQueues(watch: RedisWatch, leaveQueues: (full: boolean) => void, logger: Logger): void {
  let left = false;
  const look = (): void => {
    if (watch.full() === left) return;
    left = watch.full();
    if (left) logger.warn({ fullness: watch.fullness() }, 'Redis is full; turns are run without their queues');
    else logger.info({ fullness: watch.fullness() }, 'Redis has room; turns come out of their queues again');
    leaveQueues(left);
  };
  watch.onLook(look);
  look();
}

/** Rouses turns whenever settings have changed, and now and then in case that failed or came too early. */
function keepRousing(
  settings: SettingsSource,
  rouse: () => Promise<number>,
  onError: (error: unknown) => void,
): RepeatLoop {
  return repeat(
    async () => {
      const known = settings.current();
      if (!known) return false;
      await rouse();
      return settings.current() !== known;
    },
    () => ROUSE_EVERY_MS,
    onError,
  );
}

function createDelivering({ config, settings, logger }: DeliverySideParts, sendParts: SendDeps): Deliver {
  return createDeliver({
    ...sendParts,
    lang: config.lang,
    policyName: policyNames(settings),
    now: Date.now,
    random: Math.random,
    report: (attempt) => reportAttempt(logger, attempt),
  });
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
