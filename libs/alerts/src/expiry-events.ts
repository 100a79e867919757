import { type AlertEvent, type Language, TOCSIN_POLICY } from '#libs/contracts';
import { type Source, sourceTag } from './lease.js';
import type { RunOutLease } from './lease-book.js';

interface Words {
  noLongerReported: string;
  silent(key: string): string;
  held(leases: number, of: number): string;
  speaks(key: string): string;
  goOn: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    noLongerReported:
      'This alert is no longer reported: its source has not repeated it in time. Nobody has said that it is over.',
    silent: (key) => `${key} has gone silent`,
    held: (leases, of) =>
      `${leases} of the ${of} alerts that this source reports were not repeated in time. They count as firing until it speaks again.`,
    speaks: (key) => `${key} speaks again`,
    goOn: 'Alerts that it does not repeat will recover one by one.',
  },
  'zh-CN': {
    noLongerReported: '该告警不再被上报：来源未按时重复上报，也没有明确告知恢复。',
    silent: (key) => `${key} 已失联`,
    held: (leases, of) =>
      `该来源上报的 ${of} 条告警中有 ${leases} 条未按时重复上报；在它重新上报之前，这些告警视为仍在触发。`,
    speaks: (key) => `${key} 已重新上报`,
    goOn: '不再重复上报的告警将逐条恢复。',
  },
};

/**
 * The recovery of an alert whose lease ran out. Its id is that of the run-out: told twice it is one event.
 * @param endedAt when the lease ended
 */
export function recoveryOf(
  source: Source,
  { id, score, alert }: RunOutLease,
  endedAt: Date,
  lang: Language,
): AlertEvent {
  return {
    id: `lease-${sourceTag(source)}-${id}-${score}`,
    ...alert,
    level: 'recovered',
    content: WORDS[lang].noLongerReported,
    endsAt: endedAt.toISOString(),
  };
}

/** What is told when a source goes silent. @param silence its name */
export function silenceEvent(
  source: Source,
  { silence, leases, of }: { silence: string; leases: number; of: number },
  at: Date,
  lang: Language,
): AlertEvent {
  const words = WORDS[lang];
  return {
    ...aboutSource(source, 'silent', silence),
    level: 'nodata',
    title: words.silent(source.key),
    content: words.held(leases, of),
    startsAt: at.toISOString(),
  };
}

/** What is told when it speaks again. */
export function speaksEvent(source: Source, silence: string, at: Date, lang: Language): AlertEvent {
  const words = WORDS[lang];
  return {
    ...aboutSource(source, 'speaks', silence),
    level: 'recovered',
    title: words.speaks(source.key),
    content: words.goOn,
    endsAt: at.toISOString(),
  };
}

const aboutSource = (source: Source, what: string, silence: string) => ({
  id: `${what}-${sourceTag(source)}-${silence}`,
  policy: TOCSIN_POLICY,
  object: source.key,
  labels: { kind: 'source', source: source.key },
});
