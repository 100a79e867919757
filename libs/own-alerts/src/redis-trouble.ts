import type { Language } from '#libs/contracts';
import { PLATFORM_TEAM, type Trouble } from './trouble.js';

/** Shares of the mark: an alert fires from the first on, and ends below the second. */
const NEAR = 0.9;
const FAR = 0.8;

const WORDS = {
  en: {
    title: (percent: number) => `Redis is at ${percent} % of its memory`,
    near: (mark: number) => `From ${mark} % on no new events are taken in.`,
    closed: (mark: number) => `From ${mark} % on no new events are taken in: senders get 503. Deliveries go on.`,
    todo: 'Check at /api/v1/stats which deliveries wait: a receiver or the database may have been away for a long time, or maxmemory is too small.',
  },
  'zh-CN': {
    title: (percent: number) => `Redis 内存已用 ${percent} %`,
    near: (mark: number) => `达到 ${mark} % 后将不再接收新的告警事件。`,
    closed: (mark: number) => `已超过 ${mark} %，不再接收新的告警事件（返回 503）；已接收的仍会继续推送。`,
    todo: '请在 /api/v1/stats 查看积压：可能接收方或数据库长时间不可用，或 maxmemory 过小。',
  },
} as const;

/**
 * The trouble of a Redis near the mark from which no new events are taken in.
 * @param fullness share of its memory limit in use
 * @param mark the share from which no new events are taken in
 */
export function redisTrouble(fullness: number, mark: number, lang: Language): Trouble | undefined {
  if (fullness < FAR * mark) return undefined;
  const closed = fullness >= mark;
  const words = WORDS[lang];
  const percent = Math.round(fullness * 100);
  const markPercent = Math.round(mark * 100);
  return {
    object: 'redis',
    objectName: 'Redis',
    team: PLATFORM_TEAM,
    labels: { kind: 'redis' },
    level: closed ? 'fatal' : fullness >= NEAR * mark ? 'warning' : undefined,
    graceMs: 0,
    title: words.title(percent),
    content: `${closed ? words.closed(markPercent) : words.near(markPercent)} ${words.todo}`,
    value: percent,
    unit: '%',
  };
}
