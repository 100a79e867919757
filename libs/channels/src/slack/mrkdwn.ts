import { clusterStart, cutText } from '#libs/contracts';

const LINK = /<[^<>]*>|https?:\/\/(?:(?!&[lg]t;)[^\s<>|])+/g;
/** Longer ones are left as text: no piece of a message may cut through a link. */
const LINK_UNITS_MAX = 1_000;
/** What ends a sentence or a bracket is not part of a link in it; a semicolon may end an entity. */
const AFTER_LINK = /[\p{Pe}\p{Pf}"'.,:!?*_~`，。；：！？、]/u;
/** Of an entity that was cut through. */
const HALF_ENTITY = /&(?:a(?:mp?)?|[lg]t?)?…$/;

/**
 * As much of the beginning as fits. Slack says characters and does not say which: in units of UTF-16 a text is never
 * shorter than it is by any other count, so that no limit is passed.
 */
export function cutUnits(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const characters = [...text.slice(0, unitsMax)].length - (isHighSurrogate(text, unitsMax - 1) ? 1 : 0);
  return cutText(text, { max: characters, unit: 'characters' }).replace(HALF_ENTITY, '…');
}

/**
 * Marks the addresses in a text as links. Slack would do so by itself, but makes mentions of `@here` and the like in the
 * same breath, unless both are turned off: https://docs.slack.dev/messaging/formatting-message-text#automatic-parsing
 */
export function withLinks(mrkdwn: string): string {
  return mrkdwn.replaceAll(LINK, (found) => {
    if (found.startsWith('<')) return found;
    const link = withoutEnd(found);
    return link.length <= LINK_UNITS_MAX && URL.canParse(link) ? `<${link}>${found.slice(link.length)}` : found;
  });
}

/** By hand: an expression would look at a long row of dots once from each of them. */
function withoutEnd(link: string): string {
  let length = link.length;
  while (length > 0 && AFTER_LINK.test(link.charAt(length - 1))) length -= 1;
  return link.slice(0, length);
}

/** Pieces of at most that many units that are the text together: cut at line ends, else between words, else where it can be. */
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
  // Not inside a link or mention: it would stand there in pieces, as text.
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

/** What people read where these entities stand. */
export const decodeEntities = (mrkdwn: string): string =>
  mrkdwn.replaceAll(/&(?:amp|lt|gt);/g, (entity) => CHARACTERS[entity] as string);
