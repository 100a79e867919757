import type { AlertEvent, Language } from '#libs/contracts';
import type { ExpiredAlert } from './expiry-book.js';
import { type Reporter, reporterTag } from './reporter.js';

const NO_LONGER_REPORTED: Readonly<Record<Language, string>> = {
  en: 'This alert is no longer reported: its source did not repeat it in time and has not reported its recovery.',
  'zh-CN': '该告警不再被上报：来源未按时重复上报，也未上报恢复。',
};

/** The recovery of an expired alert. Its id belongs to this expiry, so that a repeat of the event is a duplicate. */
export function recoveryOf(
  reporter: Reporter,
  { id, score, alert }: ExpiredAlert,
  expiredAt: Date,
  lang: Language,
): AlertEvent {
  return {
    id: `lease-${reporterTag(reporter)}-${id}-${score}`,
    ...alert,
    level: 'recovered',
    content: NO_LONGER_REPORTED[lang],
    endsAt: expiredAt.toISOString(),
  };
}
