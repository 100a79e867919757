import type { Language } from '#libs/contracts';

/** What stands on the button that leads to an alert. */
export const OPEN: Readonly<Record<Language, string>> = { en: 'Open', 'zh-CN': '查看' };

export function isWebLink(text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}
