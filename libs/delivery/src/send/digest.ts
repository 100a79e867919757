import {
  type AlertEvent,
  cutText,
  type Language,
  LEVEL_NAMES,
  type Level,
  SEVERITY,
  type TextLimit,
  textSize,
} from '#libs/contracts';
import { formatTime, parseTime } from '#libs/templates';

/** One event of a digest. */
export interface DigestEntry {
  event: AlertEvent;
  policyName: string;
  suppressedCount: number;
}

/** The text of a digest. */
export interface DigestText {
  title: string;
  content: string;
  /** The most severe level that still fires, or `recovered`. */
  level: Level;
}

export interface DigestForm {
  /** Finds the deliveries of the digest in the delivery log. */
  id: string;
  lang: Language;
  /** Epoch milliseconds. */
  now: number;
  /** Length of the content. */
  limit: TextLimit;
  /** Escapes a value for the text. */
  write(value: string): string;
}

interface Group {
  level: Level;
  policyName: string;
  /** Newest first. */
  entries: DigestEntry[];
}

/** Marks that change the direction of the text that follows. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;
const LINE: TextLimit = { max: 160, unit: 'characters' };
/** Most events that are listed; the others are counted. */
const LINES_MAX = 60;
const NAME: TextLimit = { max: 80, unit: 'characters' };

const WORDS = {
  en: {
    title: (all: number) => `${all} alerts`,
    state: (firing: number, over: number) => `: ${firing} still firing, ${over} recovered`,
    why: 'More alerts arrived than can be sent here one by one.',
    suppressed: (count: number) => ` ${count} repeated events were suppressed.`,
    more: (count: number) => `… and ${count} more`,
    moreGroups: (count: number, groups: number) => `… and ${count} more alerts in ${groups} more groups`,
    ending: (id: string, zone: string) => `Digest ${id}, times at ${zone}`,
  },
  'zh-CN': {
    title: (all: number) => `${all} 条告警`,
    state: (firing: number, over: number) => `：仍有 ${firing} 条触发，${over} 条已恢复`,
    why: '告警过多，无法逐条推送。',
    suppressed: (count: number) => `另有 ${count} 个重复事件已被抑制。`,
    more: (count: number) => `…… 另有 ${count} 条`,
    moreGroups: (count: number, groups: number) => `…… 另有 ${groups} 组共 ${count} 条告警`,
    ending: (id: string, zone: string) => `汇总消息 ${id}，时区 ${zone}`,
  },
} as const;

/**
 * Composes a digest: the number of events; then by level and policy, the most severe first, their number and a list, the
 * newest first. Events without room are counted.
 * @param entries from the oldest to the newest
 */
export function composeDigest(entries: readonly DigestEntry[], form: DigestForm): DigestText {
  const { lang, limit, write, id, now } = form;
  const words = WORDS[lang];
  const groups = groupsOf(entries);
  const { firing, over, level } = stateOf(entries);
  const suppressedCount = entries.reduce((sum, one) => sum + one.suppressedCount, 0);
  const intro = words.why + (suppressedCount > 0 ? words.suppressed(suppressedCount) : '');
  const ending = words.ending(id, formatTime(now, 'Z', undefined));
  const room = limit.max - sizeOfLines([intro, '', '', ending], limit.unit);
  return {
    title: `[${LEVEL_NAMES[lang][level]}] ${words.title(entries.length)}${firing > 0 && over > 0 ? words.state(firing, over) : ''}`,
    content: [intro, ...list(groups, { max: room, unit: limit.unit }, lang, write), '', ending].join('\n'),
    level,
  };
}

/** The state after the last event: how many alerts fire, the most severe level of them, and how many recovered. */
function stateOf(entries: readonly DigestEntry[]): { firing: number; over: number; level: Level } {
  const last = new Map(entries.map(({ event }) => [JSON.stringify([event.policy, event.object]), event.level]));
  const firing = [...last.values()].filter((level) => level !== 'recovered');
  const level = firing.toSorted((a, b) => SEVERITY[b] - SEVERITY[a])[0] ?? 'recovered';
  return { firing: firing.length, over: last.size - firing.length, level };
}

function groupsOf(entries: readonly DigestEntry[]): Group[] {
  const groups = Map.groupBy(entries.toReversed(), ({ event, policyName }) => `${event.level} ${policyName}`);
  return [...groups.values()]
    .map((some) => ({
      level: (some[0] as DigestEntry).event.level,
      policyName: (some[0] as DigestEntry).policyName,
      entries: some,
    }))
    .sort((a, b) => SEVERITY[b.level] - SEVERITY[a.level] || b.entries.length - a.entries.length);
}

/** The lines of the groups. Each group has its count; single events are listed in the remaining room. */
function list(groups: readonly Group[], limit: TextLimit, lang: Language, write: DigestForm['write']): string[] {
  const words = WORDS[lang];
  const size = (lines: readonly string[]): number => sizeOfLines(lines, limit.unit);
  const heads = groups.map(
    ({ level, policyName, entries }) =>
      `[${LEVEL_NAMES[lang][level]}] ${write(cutText(policyName, NAME))}: ${entries.length}`,
  );
  const all = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  let room = limit.max - size(['', words.moreGroups(all, groups.length)]);
  let fits = 0;
  for (const [i, { entries }] of groups.entries()) {
    const cost = size(['', heads[i] as string, words.more(entries.length)]);
    if (cost > room) break;
    room -= cost;
    fits += 1;
  }
  const lines = inTurn(groups.slice(0, fits), room, (one) => lineOf(one, write), size);
  const listed = groups.slice(0, fits).flatMap(({ entries }, i) => {
    const some = lines[i] as string[];
    return [
      '',
      heads[i] as string,
      ...some,
      ...(some.length < entries.length ? [words.more(entries.length - some.length)] : []),
    ];
  });
  if (fits === groups.length) return listed;
  const left = groups.slice(fits).reduce((sum, { entries }) => sum + entries.length, 0);
  return [...listed, '', words.moreGroups(left, groups.length - fits)];
}

/** Lists the events of the most severe level first; groups of one level take turns. */
function inTurn(
  groups: readonly Group[],
  room: number,
  lineOf: (one: DigestEntry) => string,
  size: (lines: readonly string[]) => number,
): string[][] {
  const lines = groups.map((): string[] => []);
  const slots = groups.map(({ level, entries }, i) => ({ level, entries, lines: lines[i] as string[] }));
  let left = room;
  let count = 0;
  for (const tier of Map.groupBy(slots, ({ level }) => SEVERITY[level]).values()) {
    for (let open = tier; open.length > 0; ) {
      open = open.filter(({ entries, lines: some }) => {
        const next = entries[some.length];
        const line = next && lineOf(next);
        if (line === undefined || count === LINES_MAX || size([line]) > left) return false;
        left -= size([line]);
        count += 1;
        some.push(line);
        return true;
      });
    }
  }
  return lines;
}

function lineOf({ event }: DigestEntry, write: DigestForm['write']): string {
  const at = parseTime(event.level === 'recovered' ? (event.endsAt ?? event.startsAt) : event.startsAt);
  const time = at === undefined ? '' : `${formatTime(at, 'HH:mm:ss', undefined)} `;
  const name = event.objectName ?? event.object;
  const text = event.title ? `${name}: ${event.title}` : name;
  return `· ${time}${write(cutText(text.replace(DIRECTION_MARKS, '').replace(/\s+/g, ' ').trim(), LINE))}`;
}

const sizeOfLines = (lines: readonly string[], unit: TextLimit['unit']): number =>
  lines.reduce((sum, line) => sum + textSize(line, unit) + 1, 0);
