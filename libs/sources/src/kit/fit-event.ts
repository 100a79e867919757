import { cutText, EVENT_BYTES_MAX } from '#libs/contracts';
import type { SourceEvent } from './source-event.js';

/** Room for the id that is added later. */
const ID_BYTES_MAX = 160;
const BYTES_MAX = EVENT_BYTES_MAX - ID_BYTES_MAX;
/** Lengths to which long texts are cut: the first that makes the event fit. */
const TEXT_CHARS_MAX = [8_192, 2_048, 512];
const TEXT_CHARS_LEAST = 128;

const fits = (event: SourceEvent) => Buffer.byteLength(JSON.stringify(event)) <= BYTES_MAX;

/**
 * Fits an event into the size limit of events. Foreign senders do not know the limit, and an alert with half its
 * description is better than none: texts for people are cut as little as possible; then annotations and the link are left
 * out. Labels stay unchanged, since policies match them: an event whose labels are too large stays too large.
 */
export function fitEvent(event: SourceEvent): SourceEvent {
  if (fits(event)) return event;
  const least = cutTexts(event, TEXT_CHARS_LEAST);
  if (!fits(least)) {
    const { annotations: _annotations, url: _url, ...rest } = least;
    return rest;
  }
  for (const charsMax of TEXT_CHARS_MAX) {
    const cut = cutTexts(event, charsMax);
    if (fits(cut)) return cut;
  }
  return least;
}

function cutTexts(event: SourceEvent, charsMax: number): SourceEvent {
  const cut = (text: string): string => cutText(text, { max: charsMax, unit: 'characters' });
  const { title, content, objectName, annotations } = event;
  return {
    ...event,
    ...(title !== undefined && { title: cut(title) }),
    ...(content !== undefined && { content: cut(content) }),
    ...(objectName !== undefined && { objectName: cut(objectName) }),
    ...(annotations && {
      annotations: Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, cut(text)])),
    }),
  };
}
