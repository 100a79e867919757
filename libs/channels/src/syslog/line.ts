/** What some receiver or terminal takes for the end of a line, or for an order to itself. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROLS = new RegExp(CONTROL, 'gu');
const CONTROL_RUNS = new RegExp(`${CONTROL.source}+`, 'gu');

/** Unicode has a picture for each of the first 32 control characters, in their order, and these. */
const PICTURES_FROM = 0x2400;
const PICTURES: Readonly<Record<string, string>> = {
  '\u007f': '\u2421',
  '\u0085': '\u2424',
  '\u2028': '\u2424',
  '\u2029': '\u2424',
};
const NO_PICTURE = '\ufffd';

/** The text on one line: a space for whatever breaks it. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(CONTROL_RUNS, ' ').trim();
}

/** The text on one line with nothing left out: control characters become their pictures, a line feed `␊`. */
export function visible(text: string): string {
  return text.toWellFormed().replace(CONTROLS, pictureOf);
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(PICTURES_FROM + code) : (PICTURES[control] ?? NO_PICTURE);
}
