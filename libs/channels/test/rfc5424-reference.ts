/** A message parsed by the grammar of https://www.rfc-editor.org/rfc/rfc5424#section-6. */
export interface ParsedMessage {
  facility: number;
  severity: number;
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  /** Parameters by element and name, unescaped. */
  data: Record<string, Record<string, string>>;
  text: string;
}

const HEADER =
  /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const ELEMENT = /\[([^\s=\]"]{1,32})((?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*)\]/suy;
const PARAM = / ([!-~]{1,32}?)="((?:[^"\\\]]|\\.)*)"/gsu;

/** Parses a message; written from the grammar alone. @throws if the message does not match */
export function parseRfc5424(message: string): ParsedMessage {
  const header = HEADER.exec(message);
  if (!header) throw new Error(`no header: ${message}`);
  const [whole, priority, timestamp = '', hostname = '', appName = '', procId = '', msgId = ''] = header;
  const pri = Number(priority);
  if (pri > 191) throw new Error(`no priority: ${priority}`);
  const data: ParsedMessage['data'] = {};
  let at = whole.length;
  if (message[at] === '-') at++;
  else {
    for (;;) {
      ELEMENT.lastIndex = at;
      const element = ELEMENT.exec(message);
      if (!element) break;
      const [text, id = '', params = ''] = element;
      if (Object.hasOwn(data, id)) throw new Error(`the element ${id} is there twice`);
      data[id] = parseParams(params);
      at += text.length;
    }
    if (at === whole.length) throw new Error(`no structured data: ${message}`);
  }
  if (at < message.length && message[at] !== ' ') throw new Error(`what follows the structured data: ${message}`);
  const base = { facility: pri >> 3, severity: pri & 7, timestamp, hostname, appName, procId, msgId };
  return { ...base, data, text: message.slice(at + 1) };
}

function parseParams(text: string): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(PARAM)) {
    if (Object.hasOwn(params, name)) throw new Error(`the parameter ${name} is there twice`);
    Object.defineProperty(params, name, { value: value.replace(/\\(["\\\]])/g, '$1'), enumerable: true });
  }
  return params;
}
