/** The levels of an alert event, from more to less severe, then the recovery. */
export const LEVELS = ['fatal', 'error', 'nodata', 'warning', 'info', 'recovered'] as const;
export type Level = (typeof LEVELS)[number];

/** Severity of a level: higher is worse, `error` and `nodata` are equal, 0 is recovered. */
export const SEVERITY: Readonly<Record<Level, number>> = {
  fatal: 4,
  error: 3,
  nodata: 3,
  warning: 2,
  info: 1,
  recovered: 0,
};

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Names of the levels for people, by language. */
export const LEVEL_NAMES: Readonly<Record<Language, Readonly<Record<Level, string>>>> = {
  en: { fatal: 'Fatal', error: 'Error', nodata: 'No data', warning: 'Warning', info: 'Info', recovered: 'Recovered' },
  'zh-CN': { fatal: '致命', error: '错误', nodata: '无数据', warning: '警告', info: '信息', recovered: '恢复' },
};
