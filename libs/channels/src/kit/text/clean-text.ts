/** The text without control characters other than tab and line end, lone surrogates and surrounding blanks. */
export const cleanText = (text: string): string =>
  text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\t\n]/gu, '')
    .toWellFormed()
    .trim();

/** Like {@link cleanText}, in one line, for titles. */
export const cleanLine = (text: string): string => cleanText(text).replaceAll(/\s+/g, ' ');
