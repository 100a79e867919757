import type { Language } from '#libs/contracts';

/** The label of a link or button that opens an alert. */
export const OPEN_LABEL: Readonly<Record<Language, string>> = { en: 'Open', 'zh-CN': '查看' };

/** The URL as browsers write it; undefined unless it is http or https, so that it cannot run a script. */
export function webLink(text: string): string | undefined {
  const url = URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}
