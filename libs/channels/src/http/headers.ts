import { z } from 'zod';

const HEADERS_MAX = 50;
const VALUE_CHARS_MAX = 4_096;
/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/** Set by the client, or about the connection and the form of the body: another value would break the request. */
const BLOCKED = new Set([
  'accept-encoding', // answers are recorded as text and never unpacked
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  '__proto__',
]);
const BLOCKED_PREFIXES = ['webhook-', 'proxy-'];

/** Headers whose values are no secrets and are shown; https://www.rfc-editor.org/rfc/rfc9110#name-field-names */
const PUBLIC = ['accept', 'accept-language', 'content-type', 'user-agent'];

function nameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) return 'is not the name of a header';
  if (BLOCKED.has(lower) || BLOCKED_PREFIXES.some((prefix) => lower.startsWith(prefix))) return 'may not be set';
  return undefined;
}

/** A record of header names and values; the values are templates. */
export const headersSchema = z
  .record(
    z.string(),
    z
      .string()
      .max(VALUE_CHARS_MAX)
      .refine((value) => !/[\r\n]/.test(value) && !value.includes('\0'), { error: 'must not contain line ends' })
      .meta({ writeOnly: true, template: 'text' }),
  )
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    const seen = new Set<string>();
    for (const name of names) {
      const problem = seen.has(name.toLowerCase()) ? 'is there twice' : nameProblem(name);
      seen.add(name.toLowerCase());
      if (problem)
        context.addIssue({ code: 'custom', message: `the header ${JSON.stringify(name)} ${problem}`, path: [name] });
    }
    if (names.length > HEADERS_MAX) context.addIssue({ code: 'custom', message: `at most ${HEADERS_MAX} headers` });
  })
  .meta({
    title: 'Headers',
    description: `further headers; values are templates, and secret but for those of ${PUBLIC.join(', ')}`,
    writeOnlyExcept: PUBLIC,
  });

/**
 * The value of a header with the message's values in place. They may hold anything: line ends would begin another
 * header, and characters beyond Latin-1 cannot stand in one, so UTF-8 is sent byte by byte as other clients do.
 */
export function headerValue(rendered: string): string {
  const line = rendered.replace(/[^\P{Cc}\t]+/gu, ' ').trim();
  return /^\p{ASCII}*$/u.test(line) ? line : Buffer.from(line, 'utf8').toString('latin1');
}
