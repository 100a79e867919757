import { endpointObject, type Language } from '#libs/contracts';
import type { Trouble } from './trouble.js';

/** Failures that last longer than this do not end by waiting. */
const GRACE_MS = 30_000;
const TARGETS_LISTED_MAX = 5;

/** The part of an endpoint that an alert about it shows. */
export interface EndpointFacts {
  id: string;
  name: string;
  team: string;
  channel: string;
  /** When its settings were changed last, epoch milliseconds. */
  changedAt: number;
  /** Why its settings cannot be read. */
  unreadable?: string | undefined;
}

/** The state of a target: its mailbox and its health. */
export interface TargetFacts {
  /** For people; free of secrets. */
  label: string;
  state: string;
  waiting: number;
  running: number;
  failures: number;
  /** Epoch milliseconds. */
  failingSince: number | undefined;
  /** When it failed last, epoch milliseconds. */
  failedAt: number | undefined;
  /** The provider's words; free of secrets. */
  lastError: string | undefined;
}

const WORDS = {
  en: {
    title: (name: string) => `Endpoint ${name} does not take messages`,
    target: (label: string, since: string, times: number, error: string) =>
      `${label} has failed ${times === 1 ? 'once' : `${times} times in a row`}, since ${since}: ${error}`,
    more: (count: number) => `… and ${count} more targets.`,
    waiting: (count: number) => `${count} deliveries wait for it.`,
    misconfigured:
      'Its credential or address is refused, and new deliveries end dead: correct its settings, and replay the dead deliveries.',
    failing:
      'Waiting deliveries are retried until they expire: check whether the receiver is up and can be reached from here.',
    unreadable: (why: string) =>
      `Its settings cannot be read: ${why}. Events for it are refused and its deliveries wait: enter its settings again, or delete it.`,
  },
  'zh-CN': {
    title: (name: string) => `推送端点 ${name} 无法接收消息`,
    target: (label: string, since: string, times: number, error: string) =>
      `${label} 自 ${since} 起连续失败 ${times} 次：${error}`,
    more: (count: number) => `……另有 ${count} 个目标。`,
    waiting: (count: number) => `${count} 条推送正在等待。`,
    misconfigured: '凭据或地址被拒绝，新的推送将直接失败：请更正其设置，并重放失败的推送。',
    failing: '等待中的推送会一直重试到过期：请检查接收方是否正常、从本机能否访问。',
    unreadable: (why: string) =>
      `无法读取其设置：${why}。发往它的事件会被拒绝，等待中的推送被保留：请重新填写设置，或删除它。`,
  },
} as const;

/** The trouble of an endpoint of which at least one target takes no messages. */
export function endpointTrouble(
  endpoint: EndpointFacts,
  targets: readonly TargetFacts[],
  lang: Language,
): Trouble | undefined {
  const failing = targets.filter((target) => isFailing(target, endpoint));
  const [worst] = failing.toSorted((a, b) => startOf(a) - startOf(b));
  if (!worst && endpoint.unreadable === undefined) return undefined;
  const { id, name, team, channel } = endpoint;
  return {
    object: endpointObject(id),
    objectName: name,
    team,
    labels: { kind: 'endpoint', endpoint: name, channel, ...(worst && { target: worst.label }) },
    level: 'error',
    since: endpoint.unreadable === undefined ? worst?.failingSince : undefined,
    graceMs: GRACE_MS,
    title: WORDS[lang].title(name),
    content: contentOf(endpoint, failing, lang),
  };
}

/**
 * Whether the breaker holds a target back; one or two failures are normal, and throttling is none. Failures under settings
 * that have been changed since do not count, unless deliveries wait for the new ones.
 */
function isFailing(target: TargetFacts, { changedAt }: EndpointFacts): boolean {
  if (target.state !== 'misconfigured' && target.state !== 'failing') return false;
  return target.waiting + target.running > 0 || !(changedAt > (target.failedAt ?? startOf(target)));
}

const startOf = ({ failingSince }: TargetFacts): number => failingSince ?? Number.POSITIVE_INFINITY;

function contentOf({ unreadable }: EndpointFacts, failing: readonly TargetFacts[], lang: Language): string {
  const words = WORDS[lang];
  const lines = failing.slice(0, TARGETS_LISTED_MAX).map(({ label, failingSince, failures, lastError, state }) => {
    const since = failingSince === undefined ? '?' : new Date(failingSince).toISOString().replace(/\.\d+/, '');
    return words.target(label, since, failures, lastError ?? state);
  });
  if (failing.length > TARGETS_LISTED_MAX) lines.push(words.more(failing.length - TARGETS_LISTED_MAX));
  const waiting = failing.reduce((sum, target) => sum + target.waiting, 0);
  if (waiting > 0) lines.push(words.waiting(waiting));
  if (unreadable !== undefined) lines.push(words.unreadable(unreadable));
  else if (failing.some(({ state }) => state === 'misconfigured')) lines.push(words.misconfigured);
  else lines.push(words.failing);
  return lines.join('\n');
}
