import type { Language } from '#libs/contracts';
import { PLATFORM_TEAM, type Trouble } from './trouble.js';

/** The lag of the delivery log. */
export interface LogBehind {
  /** Outcomes that are not recorded yet. */
  waiting: number;
  /** Age of the oldest of them, in milliseconds. */
  behindMs: number;
}

/** A worker that died is replaced within seconds; a lag of a minute has another cause. */
const WARNING: LogBehind = { behindMs: 60_000, waiting: 100_000 };
/** Outcomes take some hundred bytes each: this many are most of a gigabyte. */
const ERROR: LogBehind = { behindMs: 600_000, waiting: 1_000_000 };
const OVER: LogBehind = { behindMs: 20_000, waiting: 50_000 };

const WORDS = {
  en: {
    name: 'delivery log',
    title: (seconds: number) => `The delivery log is ${seconds} s behind`,
    content: (waiting: number) =>
      `${waiting} outcomes wait to be recorded. Deliveries go on, but /api/v1/deliveries does not show their outcomes yet, and Redis fills up. Check that a worker runs and that PostgreSQL can be written to.`,
  },
  'zh-CN': {
    name: '推送日志',
    title: (seconds: number) => `推送日志滞后 ${seconds} 秒`,
    content: (waiting: number) =>
      `${waiting} 条推送结果等待写入日志。推送不受影响，但 /api/v1/deliveries 暂时看不到其结果，且会占用 Redis 内存。请检查 worker 是否运行、PostgreSQL 是否可写。`,
  },
} as const;

/** The trouble of a delivery log that lags. */
export function logTrouble(behind: LogBehind, lang: Language): Trouble | undefined {
  if (!reaches(behind, OVER)) return undefined;
  const words = WORDS[lang];
  const seconds = Math.round(behind.behindMs / 1_000);
  return {
    object: 'log',
    objectName: words.name,
    team: PLATFORM_TEAM,
    labels: { kind: 'log' },
    level: reaches(behind, ERROR) ? 'error' : reaches(behind, WARNING) ? 'warning' : undefined,
    graceMs: 0,
    title: words.title(seconds),
    content: words.content(behind.waiting),
    value: seconds,
    unit: 's',
  };
}

const reaches = (behind: LogBehind, bound: LogBehind): boolean =>
  behind.behindMs >= bound.behindMs || behind.waiting >= bound.waiting;
