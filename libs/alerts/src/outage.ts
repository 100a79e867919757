import { type AlertEvent, type Language, TOCSIN_POLICY } from '#libs/contracts';
import { type Reporter, reporterTag } from './reporter.js';

// An outage of a source: it has stopped reporting, and the expiry of its alerts is held. check-expiry.lua finds it.

/** Alerts that expire together within this time may be an outage of their source, in milliseconds. */
export const OUTAGE_MS = 60_000;
/** The fewest alerts that make an outage; they must also be more than half. */
export const OUTAGE_ALERTS_MIN = 10;

interface Words {
  outage(key: string): string;
  held(held: number, of: number): string;
  outageOver(key: string): string;
  expiryGoesOn: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    outage: (key) => `${key} has stopped reporting`,
    held: (held, of) =>
      `${held} of the ${of} alerts of this source were not repeated in time. They count as firing until it reports again.`,
    outageOver: (key) => `${key} reports again`,
    expiryGoesOn: 'Alerts that it does not repeat will recover one by one.',
  },
  'zh-CN': {
    outage: (key) => `${key} 已失联`,
    held: (held, of) => `该来源的 ${of} 条告警中有 ${held} 条未按时重复上报；在它重新上报之前，这些告警视为仍在触发。`,
    outageOver: (key) => `${key} 已重新上报`,
    expiryGoesOn: '不再重复上报的告警将逐条恢复。',
  },
};

/** The `nodata` event about an outage of a source. @param outage.outage its name */
export function outageEvent(
  reporter: Reporter,
  { outage, held, of }: { outage: string; held: number; of: number },
  at: Date,
  lang: Language,
): AlertEvent {
  const words = WORDS[lang];
  return {
    ...aboutSource(reporter, 'silent', outage),
    level: 'nodata',
    title: words.outage(reporter.key),
    content: words.held(held, of),
    startsAt: at.toISOString(),
  };
}

/** The recovery from an outage. */
export function outageOverEvent(reporter: Reporter, outage: string, at: Date, lang: Language): AlertEvent {
  const words = WORDS[lang];
  return {
    ...aboutSource(reporter, 'speaks', outage),
    level: 'recovered',
    title: words.outageOver(reporter.key),
    content: words.expiryGoesOn,
    endsAt: at.toISOString(),
  };
}

/** Ids of events are remembered in Redis for an hour, so their first words stay as they are. */
const aboutSource = (reporter: Reporter, idPrefix: 'silent' | 'speaks', outage: string) => ({
  id: `${idPrefix}-${reporterTag(reporter)}-${outage}`,
  policy: TOCSIN_POLICY,
  object: reporter.key,
  labels: { kind: 'source', source: reporter.key },
});
