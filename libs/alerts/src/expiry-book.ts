import type { AlertEvent } from '#libs/contracts';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { type Firing, type LeasedAlert, leaseId, packAlert, type Source, sourceTag, unpackAlert } from './lease.js';
import type { ClockReading } from './lease-clock.js';

/** A lease that has run out; `score` tells it from the lease that it becomes when the alert is repeated. */
export interface RunOutLease {
  id: string;
  score: string;
  alert: LeasedAlert;
  /** On the lease clock. */
  endedAt: number;
}

/** What has become of the leases of a source, one thing at a time. */
export type Finding =
  | { kind: 'over'; silence: string }
  | { kind: 'silent'; silence: string; leases: number; of: number }
  | { kind: 'due'; leases: RunOutLease[] }
  | { kind: 'more' }
  /** `until`: on the lease clock. */
  | { kind: 'wait'; until: number }
  | { kind: 'empty' };

/** The leases of all sources. Its scripts run on the node of the source. */
export interface LeaseBook {
  /** A source says which alerts fire, and which have ended. @param nowMs the time of day, of which `untilMs` are */
  keep(
    source: Source,
    said: { firing: readonly Firing[]; ended: readonly AlertEvent[] },
    nowMs: number,
    clock: ClockReading,
  ): Promise<void>;
  look(source: Source, clock: ClockReading): Promise<Finding>;
  /** What `look` found has been taken in. A lease that was kept meanwhile goes on. */
  done(source: Source, finding: Finding, clock: ClockReading): Promise<void>;
  /** Of one source: its leases, and whether some of them are held. */
  count(source: Source): Promise<{ leases: number; silent: boolean }>;
}

const lua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);
const define = (name: string, whenFull: boolean) => defineScript(name, [lua('source'), lua(name)], { whenFull });
const KEEP = define('keep', false);
const LOOK = define('look', true);
const DONE = define('done', true);

/** How long an alert may go unrepeated after its lease has run out. */
export const GRACE_MS = 30_000;
/** Leases that run out together within this time may be a silence of their source. */
export const SILENCE_MS = 60_000;
/** The fewest that are one; they must also be more than half. */
export const SILENCE_LEASES_MIN = 10;
/**
 * For so long leases of a silent source are held, and no lease is longer: an episode without events ends silently after
 * as long, and who says that an alert fires until the year 9999 and never again would take room until then.
 */
export const HELD_MS_MAX = 7 * 24 * 3_600_000;

/** A script blocks Redis while it runs: some milliseconds for so many. */
const PORTION = 500;
/** No sender is given more time to repeat an alert after a standstill or a silence. */
const LENGTH_SECONDS_MAX = 300;
const LENGTH_UNIT = 512;

const sourceKey = (source: Source): string => `tocsin:{leases-${sourceTag(source)}}`;

export function createLeaseBook(redis: RedisClient): LeaseBook {
  return {
    async keep(source, { firing, ended }, nowMs, { shows }) {
      const run = (some: readonly Firing[], over: readonly AlertEvent[]) =>
        runScript(redis, KEEP, sourceKey(source), keepArguments(some, over, nowMs, shows));
      for (let i = 0; i < firing.length; i += PORTION) await run(firing.slice(i, i + PORTION), []);
      for (let i = 0; i < ended.length; i += PORTION) await run([], ended.slice(i, i + PORTION));
    },
    async look(source, { shows, resumed }) {
      const rules = [GRACE_MS, SILENCE_MS, SILENCE_LEASES_MIN, PORTION, HELD_MS_MAX];
      const answer = await runScript(redis, LOOK, sourceKey(source), [shows, resumed, ...rules]);
      return findingOf(answer as [string, ...string[]]);
    },
    async done(source, finding, { shows }) {
      const args = doneArguments(finding);
      if (args) await runScript(redis, DONE, sourceKey(source), [shows, ...args]);
    },
    async count(source) {
      const key = sourceKey(source);
      const [kept, again, held] = await Promise.all([
        redis.zcard(`${key}:ends`),
        redis.zcard(`${key}:again`),
        redis.hexists(key, 'held'),
      ]);
      return { leases: kept + again, silent: held === 1 };
    },
  };
}

function keepArguments(
  firing: readonly Firing[],
  ended: readonly AlertEvent[],
  nowMs: number,
  shows: number,
): (string | number)[] {
  const leases = firing.map(({ event, untilMs }) => {
    const lengthMs = Math.min(Math.max(0, Math.round(untilMs - nowMs)), HELD_MS_MAX);
    const seconds = Math.min(Math.ceil(lengthMs / 1_000), LENGTH_SECONDS_MAX);
    return { event, seconds, score: shows + lengthMs + seconds / LENGTH_UNIT };
  });
  const longest = Math.max(0, ...leases.map(({ seconds }) => seconds));
  return [
    shows,
    shows + longest * 1_000,
    leases.length,
    ...leases.flatMap(({ event, score }) => [leaseId(event), score, packAlert(event)]),
    ...ended.map(leaseId),
  ];
}

function findingOf([kind, ...rest]: [string, ...string[]]): Finding {
  switch (kind) {
    case 'over':
      return { kind, silence: rest[0] as string };
    case 'silent':
      return { kind, silence: rest[0] as string, leases: Number(rest[1]), of: Number(rest[2]) };
    case 'wait':
      return { kind, until: Number(rest[0]) };
    case 'due':
      return { kind, leases: runOutLeases(rest) };
    case 'more':
    case 'empty':
      return { kind };
    default:
      throw new Error(`unknown answer about leases: ${kind}`);
  }
}

function runOutLeases(flat: readonly string[]): RunOutLease[] {
  const leases: RunOutLease[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const [id, score, about] = flat.slice(i, i + 3) as [string, string, string];
    leases.push({ id, score, alert: unpackAlert(about), endedAt: Math.floor(Number(score)) });
  }
  return leases;
}

function doneArguments(finding: Finding): string[] | undefined {
  switch (finding.kind) {
    case 'over':
    case 'silent':
      return [finding.kind, finding.silence];
    case 'due':
      return ['due', ...finding.leases.flatMap(({ id, score }) => [id, score])];
    default:
      return undefined;
  }
}
