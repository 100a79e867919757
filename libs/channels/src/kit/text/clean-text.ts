/** Without what is no text: control characters but tabs and line ends, halves of characters, blanks around it. */
export const cleanText = (text: string): string =>
  text
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[^\P{Cc}\t\n]/gu, '')
    .toWellFormed()
    .trim();

/** The same in one line, for titles. */
export const cleanLine = (text: string): string => cleanText(text).replaceAll(/\s+/g, ' ');
