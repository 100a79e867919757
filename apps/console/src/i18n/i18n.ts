import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.js';
import { zhCN } from './zh-CN.js';

export const LANGUAGES = { en: 'English', 'zh-CN': '中文' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'tocsin-language';

/** The language that was chosen in this browser, or else the first one of the browser that the console has. */
function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  const wanted = [...(stored ? [stored] : []), ...navigator.languages];
  for (const one of wanted) {
    if (one.startsWith('zh')) return 'zh-CN';
    if (one.startsWith('en')) return 'en';
  }
  return 'en';
}

export function language(): Language {
  return i18next.language as Language;
}

export async function changeLanguage(to: Language): Promise<void> {
  localStorage.setItem(STORED, to);
  document.documentElement.lang = to;
  await i18next.changeLanguage(to);
}

const first = preferredLanguage();
document.documentElement.lang = first;
await i18next.use(initReactI18next).init({
  lng: first,
  fallbackLng: false,
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  interpolation: { escapeValue: false },
});

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
