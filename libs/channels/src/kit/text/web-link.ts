import type { Language } from '#libs/contracts';

/** What stands on the button that leads to an alert. */
export const OPEN: Readonly<Record<Language, string>> = { en: 'Open', 'zh-CN': '查看' };

/** The address in a text, as browsers write it; undefined where they would not open it, or run it as a script. */
export function webLink(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}
