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

/** One of those that a digest tells. */
export interface Told {
  event: AlertEvent;
  policyName: string;
  suppressedCount: number;
}

/** Several alerts in the words of one message. */
export interface DigestText {
  title: string;
  content: string;
  /** The most severe of what still fires, or `recovered`. */
  level: Level;
}

export interface DigestForm {
  /** By which the delivery log finds what was told. */
  id: string;
  lang: Language;
  /** Epoch milliseconds. */
  now: number;
  /** What the content may take; more than this nobody reads anyway. */
  limit: TextLimit;
  /** How a value is written into such a text. */
  write(value: string): string;
}

interface Group {
  level: Level;
  policyName: string;
  /** Newest first. */
  told: Told[];
}

/** Marks that turn the direction of a text, and would turn the rest of its line. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const LINE: TextLimit = { max: 160, unit: 'characters' };
/** Of the alerts that are named; the others are counted. */
const LINES_MAX = 60;
const NAME: TextLimit = { max: 80, unit: 'characters' };

const WORDS = {
  en: {
    title: (all: number) => `${all} alerts`,
    state: (firing: number, over: number) => `: ${firing} still firing, ${over} over`,
    why: 'More came in than can be sent here one by one.',
    heldBack: (count: number) => ` ${count} further reports of them were held back.`,
    more: (count: number) => `… and ${count} more`,
    moreGroups: (count: number, groups: number) => `… and ${count} more alerts in ${groups} more groups`,
    ending: (id: string, zone: string) => `Digest ${id}, times at ${zone}`,
  },
  'zh-CN': {
    title: (all: number) => `${all} 条告警`,
    state: (firing: number, over: number) => `：仍有 ${firing} 条触发，${over} 条已恢复`,
    why: '告警过多，无法在此逐条发送。',
    heldBack: (count: number) => `另有 ${count} 次上报未推送。`,
    more: (count: number) => `…… 另有 ${count} 条`,
    moreGroups: (count: number, groups: number) => `…… 另有 ${groups} 组共 ${count} 条告警`,
    ending: (id: string, zone: string) => `摘要 ${id}，时区 ${zone}`,
  },
} as const;

/**
 * Tells many alerts in one message: how many, then by level and policy, the most severe first, how many of each and which,
 * the newest first. What there is no room for is counted.
 * @param told oldest first
 */
export function composeDigest(told: readonly Told[], form: DigestForm): DigestText {
  const { lang, limit, write, id, now } = form;
  const words = WORDS[lang];
  const groups = groupsOf(told);
  const { firing, over, level } = stateOf(told);
  const suppressed = told.reduce((sum, { suppressedCount }) => sum + suppressedCount, 0);
  const intro = words.why + (suppressed > 0 ? words.heldBack(suppressed) : '');
  const ending = words.ending(id, formatTime(now, 'Z', undefined));
  const room = limit.max - sizeOfLines([intro, '', '', ending], limit.unit);
  return {
    title: `[${LEVEL_NAMES[lang][level]}] ${words.title(told.length)}${firing > 0 && over > 0 ? words.state(firing, over) : ''}`,
    content: [intro, ...list(groups, { max: room, unit: limit.unit }, lang, write), '', ending].join('\n'),
    level,
  };
}

/** What is true at the end of it: how many alerts still fire, and the most severe of them; how many are over. */
function stateOf(told: readonly Told[]): { firing: number; over: number; level: Level } {
  const last = new Map(told.map(({ event }) => [JSON.stringify([event.policy, event.object]), event.level]));
  const firing = [...last.values()].filter((level) => level !== 'recovered');
  const level = firing.toSorted((a, b) => SEVERITY[b] - SEVERITY[a])[0] ?? 'recovered';
  return { firing: firing.length, over: last.size - firing.length, level };
}

function groupsOf(told: readonly Told[]): Group[] {
  const groups = Map.groupBy(told.toReversed(), ({ event, policyName }) => `${event.level} ${policyName}`);
  return [...groups.values()]
    .map((some) => ({ level: (some[0] as Told).event.level, policyName: (some[0] as Told).policyName, told: some }))
    .sort((a, b) => SEVERITY[b.level] - SEVERITY[a.level] || b.told.length - a.told.length);
}

/** Every group has its count; lines of single alerts have what room that leaves. */
function list(groups: readonly Group[], limit: TextLimit, lang: Language, write: DigestForm['write']): string[] {
  const words = WORDS[lang];
  const size = (lines: readonly string[]): number => sizeOfLines(lines, limit.unit);
  const heads = groups.map(
    ({ level, policyName, told }) =>
      `[${LEVEL_NAMES[lang][level]}] ${write(cutText(policyName, NAME))}: ${told.length}`,
  );
  const all = groups.reduce((sum, { told }) => sum + told.length, 0);
  let room = limit.max - size(['', words.moreGroups(all, groups.length)]);
  let fits = 0;
  for (const [i, { told }] of groups.entries()) {
    const cost = size(['', heads[i] as string, words.more(told.length)]);
    if (cost > room) break;
    room -= cost;
    fits += 1;
  }
  const lines = inTurn(groups.slice(0, fits), room, (one) => lineOf(one, write), size);
  const listed = groups.slice(0, fits).flatMap(({ told }, i) => {
    const some = lines[i] as string[];
    return [
      '',
      heads[i] as string,
      ...some,
      ...(some.length < told.length ? [words.more(told.length - some.length)] : []),
    ];
  });
  if (fits === groups.length) return listed;
  const left = groups.slice(fits).reduce((sum, { told }) => sum + told.length, 0);
  return [...listed, '', words.moreGroups(left, groups.length - fits)];
}

/** The most severe have their lines first; among those of one level each has one in turn. */
function inTurn(
  groups: readonly Group[],
  room: number,
  lineOf: (one: Told) => string,
  size: (lines: readonly string[]) => number,
): string[][] {
  const lines = groups.map((): string[] => []);
  const slots = groups.map(({ level, told }, i) => ({ level, told, lines: lines[i] as string[] }));
  let left = room;
  let count = 0;
  for (const tier of Map.groupBy(slots, ({ level }) => SEVERITY[level]).values()) {
    for (let open = tier; open.length > 0; ) {
      open = open.filter(({ told, lines: some }) => {
        const next = told[some.length];
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

function lineOf({ event }: Told, write: DigestForm['write']): string {
  const at = parseTime(event.level === 'recovered' ? (event.endsAt ?? event.startsAt) : event.startsAt);
  const time = at === undefined ? '' : `${formatTime(at, 'HH:mm:ss', undefined)} `;
  const name = event.objectName ?? event.object;
  const text = event.title ? `${name}: ${event.title}` : name;
  return `· ${time}${write(cutText(text.replace(TURNS, '').replace(/\s+/g, ' ').trim(), LINE))}`;
}

const sizeOfLines = (lines: readonly string[], unit: TextLimit['unit']): number =>
  lines.reduce((sum, line) => sum + textSize(line, unit) + 1, 0);
