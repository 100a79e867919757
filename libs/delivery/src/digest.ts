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

const LINE: TextLimit = { max: 160, unit: 'characters' };
const NAME: TextLimit = { max: 80, unit: 'characters' };

const WORDS = {
  en: {
    title: (all: number, firing: number, recovered: number) =>
      `${all} alerts: ${[firing && `${firing} firing`, recovered && `${recovered} recovered`].filter(Boolean).join(', ')}`,
    why: 'More came in than can be sent here one by one.',
    heldBack: (count: number) => ` ${count} further reports of them were held back.`,
    more: (count: number) => `… and ${count} more`,
    moreGroups: (count: number, groups: number) => `… and ${count} more alerts in ${groups} more groups`,
    id: 'Digest',
  },
  'zh-CN': {
    title: (all: number, firing: number, recovered: number) =>
      `${all} 条告警：${[firing && `${firing} 条触发`, recovered && `${recovered} 条恢复`].filter(Boolean).join('，')}`,
    why: '告警过多，无法在此逐条发送。',
    heldBack: (count: number) => `另有 ${count} 次上报未推送。`,
    more: (count: number) => `…… 另有 ${count} 条`,
    moreGroups: (count: number, groups: number) => `…… 另有 ${groups} 组共 ${count} 条告警`,
    id: '摘要',
  },
} as const;

/**
 * Tells many alerts in one message: how many, then by level and policy, the most severe first, how many of each and which,
 * the newest first. What there is no room for is counted.
 * @param told oldest first
 */
export function composeDigest(told: readonly Told[], form: DigestForm): DigestText {
  const { lang, limit, write, id } = form;
  const words = WORDS[lang];
  const groups = groupsOf(told);
  const recovered = told.filter(({ event }) => event.level === 'recovered').length;
  const level = groups[0]?.level ?? 'info';
  const suppressed = told.reduce((sum, { suppressedCount }) => sum + suppressedCount, 0);
  const intro = words.why + (suppressed > 0 ? words.heldBack(suppressed) : '');
  const ending = `${words.id} ${id}`;
  const room = limit.max - sizeOfLines([intro, '', '', ending], limit.unit);
  return {
    title: `[${LEVEL_NAMES[lang][level]}] ${words.title(told.length, told.length - recovered, recovered)}`,
    content: [intro, ...list(groups, { max: room, unit: limit.unit }, lang, write), '', ending].join('\n'),
    level,
  };
}

function groupsOf(told: readonly Told[]): Group[] {
  const groups = Map.groupBy(told.toReversed(), ({ event, policyName }) => `${event.level} ${policyName}`);
  return [...groups.values()]
    .map((some) => ({ level: (some[0] as Told).event.level, policyName: (some[0] as Told).policyName, told: some }))
    .sort((a, b) => SEVERITY[b.level] - SEVERITY[a.level] || b.told.length - a.told.length);
}

/** Every group's count comes before any group's lines; then each gets a line in turn while there is room. */
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

function inTurn(
  groups: readonly Group[],
  room: number,
  lineOf: (one: Told) => string,
  size: (lines: readonly string[]) => number,
): string[][] {
  const lines = groups.map((): string[] => []);
  let open = groups.map((group, i) => ({ told: group.told, lines: lines[i] as string[] }));
  let left = room;
  while (open.length > 0) {
    open = open.filter(({ told, lines: some }) => {
      const next = told[some.length];
      const line = next && lineOf(next);
      if (line === undefined || size([line]) > left) return false;
      left -= size([line]);
      some.push(line);
      return true;
    });
  }
  return lines;
}

function lineOf({ event }: Told, write: DigestForm['write']): string {
  const at = parseTime(event.level === 'recovered' ? (event.endsAt ?? event.startsAt) : event.startsAt);
  const time = at === undefined ? '' : `${formatTime(at, 'HH:mm:ss', undefined)} `;
  const name = event.objectName ?? event.object;
  const text = event.title ? `${name}: ${event.title}` : name;
  return `· ${time}${write(cutText(text.replace(/\s+/g, ' ').trim(), LINE))}`;
}

const sizeOfLines = (lines: readonly string[], unit: TextLimit['unit']): number =>
  lines.reduce((sum, line) => sum + textSize(line, unit) + 1, 0);
