/** Characters that a receiver or terminal may interpret as a line end or a control sequence. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const CONTROLS = new RegExp(CONTROL, 'gu');
const CONTROL_RUNS = new RegExp(`${CONTROL.source}+`, 'gu');

/** The Unicode symbols for the first 32 control characters begin here, in the same order. */
const SYMBOLS_FROM = 0x2400;
const SYMBOLS: Readonly<Record<string, string>> = {
  '\u007f': '\u2421',
  '\u0085': '\u2424',
  '\u2028': '\u2424',
  '\u2029': '\u2424',
};
const NO_SYMBOL = '\ufffd';

/** The text on one line: line ends and other control characters become spaces. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(CONTROL_RUNS, ' ').trim();
}

/** The text on one line without loss: control characters become their symbols, a line feed `␊`. */
export function visible(text: string): string {
  return text.toWellFormed().replace(CONTROLS, symbolOf);
}

function symbolOf(control: string): string {
  const code = control.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(SYMBOLS_FROM + code) : (SYMBOLS[control] ?? NO_SYMBOL);
}
