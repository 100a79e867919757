import type { AlertEvent } from '#libs/contracts';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { type AlertSummary, alertId, type FiringAlert, packAlert, unpackAlert } from './expiring-alert.js';
import type { ClockReading } from './expiry-clock.js';
import { type Reporter, reporterTag } from './reporter.js';

/** An alert that was not repeated in time; a different `score` means that it has been repeated since. */
export interface ExpiredAlert {
  id: string;
  score: string;
  alert: AlertSummary;
  /** On the expiry clock. */
  expiredAt: number;
}

/** The next thing to do about the alerts of a reporter. */
export type Finding =
  | { kind: 'outage over'; outage: string }
  | { kind: 'outage'; outage: string; held: number; of: number }
  | { kind: 'expired'; alerts: ExpiredAlert[] }
  | { kind: 'more' }
  /** `until`: on the expiry clock. */
  | { kind: 'wait'; until: number }
  | { kind: 'empty' };

/** The expiry of the alerts of all reporters. Its scripts run on the node of the reporter. */
export interface ExpiryBook {
  /** Records which alerts a reporter says fire, and which have ended. @param nowMs the time of day that `untilMs` refers to */
  record(
    reporter: Reporter,
    said: { firing: readonly FiringAlert[]; ended: readonly AlertEvent[] },
    nowMs: number,
    clock: ClockReading,
  ): Promise<void>;
  check(reporter: Reporter, clock: ClockReading): Promise<Finding>;
  /** Confirms that the events of a finding were taken in. An alert that was repeated meanwhile keeps firing. */
  confirm(reporter: Reporter, finding: Finding, clock: ClockReading): Promise<void>;
  /** The firing alerts of one reporter, and whether it is in an outage. */
  count(reporter: Reporter): Promise<{ alerts: number; isOut: boolean }>;
}

const lua = (name: string): URL => new URL(`./${name}.lua`, import.meta.url);
const define = (name: string, whenFull: boolean) => defineScript(name, [lua('reporter'), lua(name)], { whenFull });
const RECORD = define('record-expiry', false);
const CHECK = define('check-expiry', true);
const CONFIRM = define('confirm-expiry', true);

/** Time that an alert may stay unrepeated after its end. */
export const GRACE_MS = 30_000;
/** Alerts that expire together within this time may be an outage of their source. */
export const OUTAGE_MS = 60_000;
/** The fewest alerts that make an outage; they must also be more than half. */
export const OUTAGE_ALERTS_MIN = 10;
/**
 * Longest time that alerts are held in an outage, and longest expiry. An episode without events ends silently after
 * the same time, and an alert that fires until the year 9999 must not take room until then.
 */
export const HELD_MS_MAX = 7 * 24 * 3_600_000;

/** Alerts in one script, which blocks Redis for some milliseconds. */
const PORTION = 500;
/** Longest time that a sender gets to repeat an alert after a standstill or an outage. */
const LENGTH_SECONDS_MAX = 300;
const LENGTH_UNIT = 512;

const reporterKey = (reporter: Reporter): string => `tocsin:{leases-${reporterTag(reporter)}}`;

export function createExpiryBook(redis: RedisClient): ExpiryBook {
  return {
    async record(reporter, { firing, ended }, nowMs, { shows }) {
      const run = (some: readonly FiringAlert[], over: readonly AlertEvent[]) =>
        runScript(redis, RECORD, reporterKey(reporter), recordArguments(some, over, nowMs, shows));
      for (let i = 0; i < firing.length; i += PORTION) await run(firing.slice(i, i + PORTION), []);
      for (let i = 0; i < ended.length; i += PORTION) await run([], ended.slice(i, i + PORTION));
    },
    async check(reporter, { shows, resumed }) {
      const rules = [GRACE_MS, OUTAGE_MS, OUTAGE_ALERTS_MIN, PORTION, HELD_MS_MAX];
      const answer = await runScript(redis, CHECK, reporterKey(reporter), [shows, resumed, ...rules]);
      return findingOf(answer as [string, ...string[]]);
    },
    async confirm(reporter, finding, { shows }) {
      const args = confirmArguments(finding);
      if (args) await runScript(redis, CONFIRM, reporterKey(reporter), [shows, ...args]);
    },
    async count(reporter) {
      const key = reporterKey(reporter);
      const [current, again, held] = await Promise.all([
        redis.zcard(`${key}:ends`),
        redis.zcard(`${key}:again`),
        redis.hexists(key, 'held'),
      ]);
      return { alerts: current + again, isOut: held === 1 };
    },
  };
}

function recordArguments(
  firing: readonly FiringAlert[],
  ended: readonly AlertEvent[],
  nowMs: number,
  shows: number,
): (string | number)[] {
  const alerts = firing.map(({ event, untilMs }) => {
    const lengthMs = Math.min(Math.max(0, Math.round(untilMs - nowMs)), HELD_MS_MAX);
    const seconds = Math.min(Math.ceil(lengthMs / 1_000), LENGTH_SECONDS_MAX);
    return { event, seconds, score: shows + lengthMs + seconds / LENGTH_UNIT };
  });
  const longest = Math.max(0, ...alerts.map(({ seconds }) => seconds));
  return [
    shows,
    shows + longest * 1_000,
    alerts.length,
    ...alerts.flatMap(({ event, score }) => [alertId(event), score, packAlert(event)]),
    ...ended.map(alertId),
  ];
}

function findingOf([kind, ...rest]: [string, ...string[]]): Finding {
  switch (kind) {
    case 'outage over':
      return { kind, outage: rest[0] as string };
    case 'outage':
      return { kind, outage: rest[0] as string, held: Number(rest[1]), of: Number(rest[2]) };
    case 'wait':
      return { kind, until: Number(rest[0]) };
    case 'expired':
      return { kind, alerts: expiredAlerts(rest) };
    case 'more':
    case 'empty':
      return { kind };
    default:
      throw new Error(`unknown answer about the expiry of alerts: ${kind}`);
  }
}

function expiredAlerts(flat: readonly string[]): ExpiredAlert[] {
  const alerts: ExpiredAlert[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const [id, score, summary] = flat.slice(i, i + 3) as [string, string, string];
    alerts.push({ id, score, alert: unpackAlert(summary), expiredAt: Math.floor(Number(score)) });
  }
  return alerts;
}

function confirmArguments(finding: Finding): string[] | undefined {
  switch (finding.kind) {
    case 'outage over':
    case 'outage':
      return [finding.kind, finding.outage];
    case 'expired':
      return [finding.kind, ...finding.alerts.flatMap(({ id, score }) => [id, score])];
    default:
      return undefined;
  }
}
