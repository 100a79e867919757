import { clusterStart, cutText } from '#libs/contracts';

const LINK = /<[^<>]*>|https?:\/\/(?:(?!&[lg]t;)[^\s<>|])+/g;
/** Maximum length of a link. A longer one stays text, because no piece of a message may split a link. */
const LINK_UNITS_MAX = 1_000;
/** Characters that do not belong to a link when they follow it; a semicolon may end an entity. */
const AFTER_LINK = /[\p{Pe}\p{Pf}"'.,:!?*_~`，。；：！？、]/u;
/** The rest of an entity that was cut. */
const HALF_ENTITY = /&(?:a(?:mp?)?|[lg]t?)?…$/;

/**
 * Cuts a text to a number of UTF-16 units. Slack documents limits in characters without a definition; UTF-16 units are
 * never fewer than characters of another definition, so no limit is exceeded.
 */
export function cutUnits(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const characters = [...text.slice(0, unitsMax)].length - (isHighSurrogate(text, unitsMax - 1) ? 1 : 0);
  return cutText(text, { max: characters, unit: 'characters' }).replace(HALF_ENTITY, '…');
}

/**
 * Marks URLs in a text as links. Slack's own detection is turned off, because it would also turn `@here` into a mention:
 * https://docs.slack.dev/messaging/formatting-message-text#automatic-parsing
 */
export function withLinks(mrkdwn: string): string {
  return mrkdwn.replaceAll(LINK, (found) => {
    if (found.startsWith('<')) return found;
    const link = withoutEnd(found);
    return link.length <= LINK_UNITS_MAX && URL.canParse(link) ? `<${link}>${found.slice(link.length)}` : found;
  });
}

/** A loop, because a regular expression would take quadratic time for a long row of dots. */
function withoutEnd(link: string): string {
  let length = link.length;
  while (length > 0 && AFTER_LINK.test(link.charAt(length - 1))) length -= 1;
  return link.slice(0, length);
}

/** Splits a text into pieces of at most `unitsMax` units: at line ends, else between words, else between characters. */
export function inPieces(text: string, unitsMax: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > unitsMax) {
    const end = pieceEnd(rest, unitsMax);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest].filter((piece) => piece !== '');
}

function pieceEnd(text: string, unitsMax: number): number {
  const lineEnd = text.lastIndexOf('\n', unitsMax);
  if (lineEnd > unitsMax / 2) return lineEnd;
  const head = text.slice(0, unitsMax);
  const open = head.lastIndexOf('<');
  // Not inside a link or mention, because Slack would show its parts as text.
  const whole = open > head.lastIndexOf('>') && open > 0 ? open : unitsMax;
  const blank = text.lastIndexOf(' ', whole);
  if (blank > unitsMax / 2) return blank;
  const entity = /&[a-z]{0,3}$/.exec(text.slice(0, whole));
  const end = clusterStart(text, entity && entity.index > 0 ? entity.index : whole);
  return isHighSurrogate(text, end - 1) ? end - 1 : end;
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** The text with the entities of mrkdwn decoded. */
export const decodeEntities = (mrkdwn: string): string =>
  mrkdwn.replaceAll(/&(?:amp|lt|gt);/g, (entity) => CHARACTERS[entity] as string);
