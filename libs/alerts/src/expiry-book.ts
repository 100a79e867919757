import type { AlertEvent } from '#libs/contracts';
import { defineScript, flag, list, number, numeral, type RedisClient, row, runScript, text, word } from '#libs/redis';
import { type AlertSummary, alertId, type FiringAlert, packAlert, unpackAlert } from './expiring-alert.js';
import type { ClockReading } from './expiry-clock.js';
import { OUTAGE_ALERTS_MIN, OUTAGE_MS } from './outage.js';
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
const RECORD = defineScript({
  name: 'record-expiry',
  file: lua('record-expiry'),
  whenFull: false,
  args: { clock: numeral, holdsUntil: numeral },
  list: { alerts: { fires: flag, id: text, score: numeral, summary: text } },
  answer: number,
});
const CHECK = defineScript({
  name: 'check-expiry',
  file: lua('check-expiry'),
  whenFull: true,
  args: {
    clock: numeral,
    resumed: number,
    graceMs: number,
    outageMs: number,
    alertsMin: number,
    portion: number,
    heldMsMax: number,
  },
  answer: row('finding', {
    kind: word<Finding['kind']>(),
    outage: text,
    held: number,
    of: number,
    waitUntil: number,
    alerts: list(row('alert', { id: text, score: text, summary: text })),
  }),
});
const CONFIRM = defineScript({
  name: 'confirm-expiry',
  file: lua('confirm-expiry'),
  whenFull: true,
  args: { clock: numeral, kind: word<'outage over' | 'outage' | 'expired'>(), outage: text },
  list: { alerts: { id: text, score: text } },
  answer: number,
});

/** Time that an alert may stay unrepeated after its end. */
export const GRACE_MS = 30_000;
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
      return findingOf(
        await runScript(redis, CHECK, reporterKey(reporter), {
          clock: shows,
          resumed,
          graceMs: GRACE_MS,
          outageMs: OUTAGE_MS,
          alertsMin: OUTAGE_ALERTS_MIN,
          portion: PORTION,
          heldMsMax: HELD_MS_MAX,
        }),
      );
    },
    async confirm(reporter, finding, { shows }) {
      const { kind } = finding;
      if (kind !== 'outage over' && kind !== 'outage' && kind !== 'expired') return;
      const outage = kind === 'expired' ? '' : finding.outage;
      const alerts = kind === 'expired' ? finding.alerts : [];
      await runScript(redis, CONFIRM, reporterKey(reporter), { clock: shows, kind, outage, alerts });
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

function recordArguments(firing: readonly FiringAlert[], ended: readonly AlertEvent[], nowMs: number, shows: number) {
  const alerts = firing.map(({ event, untilMs }) => {
    const lengthMs = Math.min(Math.max(0, Math.round(untilMs - nowMs)), HELD_MS_MAX);
    const seconds = Math.min(Math.ceil(lengthMs / 1_000), LENGTH_SECONDS_MAX);
    return { event, seconds, score: shows + lengthMs + seconds / LENGTH_UNIT };
  });
  const longest = Math.max(0, ...alerts.map(({ seconds }) => seconds));
  return {
    clock: shows,
    holdsUntil: shows + longest * 1_000,
    alerts: [
      ...alerts.map(({ event, score }) => ({ fires: true, id: alertId(event), score, summary: packAlert(event) })),
      ...ended.map((event) => ({ fires: false, id: alertId(event), score: 0, summary: '' })),
    ],
  };
}

function findingOf({ kind, outage, held, of, waitUntil, alerts }: ReturnType<typeof CHECK.decode>): Finding {
  switch (kind) {
    case 'outage over':
      return { kind, outage };
    case 'outage':
      return { kind, outage, held, of };
    case 'wait':
      return { kind, until: waitUntil };
    case 'expired':
      return { kind, alerts: alerts.map(toExpired) };
    case 'more':
    case 'empty':
      return { kind };
  }
}

const toExpired = ({ id, score, summary }: { id: string; score: string; summary: string }): ExpiredAlert => ({
  id,
  score,
  alert: unpackAlert(summary),
  expiredAt: Math.floor(Number(score)),
});
