import type { Language } from '#libs/contracts';
import { PLATFORM_TEAM, type Trouble } from './trouble.js';

const WORDS = {
  en: {
    title: 'The disk of Redis takes no new events',
    content: (reason: string) =>
      `No new events are taken in: senders get 503. Deliveries go on. Reason: ${reason}. Make room on the disk of Redis.`,
  },
  'zh-CN': {
    title: 'Redis 所在磁盘无法接收新的告警事件',
    content: (reason: string) =>
      `不再接收新的告警事件（返回 503）；已接收的仍会继续推送。原因：${reason}。请在 Redis 所在磁盘上腾出空间。`,
  },
} as const;

/** The trouble of an append-only file or a disk that takes no events. @param reason undefined if it takes them */
export function diskTrouble(reason: string | undefined, lang: Language): Trouble | undefined {
  if (reason === undefined) return undefined;
  return {
    object: 'disk',
    objectName: 'Disk of Redis',
    team: PLATFORM_TEAM,
    labels: { kind: 'disk' },
    level: 'fatal',
    graceMs: 0,
    title: WORDS[lang].title,
    content: WORDS[lang].content(reason),
  };
}
