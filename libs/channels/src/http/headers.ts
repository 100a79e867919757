import { z } from 'zod';

const HEADERS_MAX = 50;
const VALUE_CHARS_MAX = 4_096;
/** https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/** Headers that the client sets, or that describe the connection or the encoding: another value would break the request. */
const BLOCKED = new Set([
  'accept-encoding', // answers are read as text and never decompressed
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

/** Headers whose values are not secret: https://www.rfc-editor.org/rfc/rfc9110#name-field-names */
const PUBLIC = ['accept', 'accept-language', 'content-type', 'user-agent'];

function nameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) return 'is not a valid header name';
  if (BLOCKED.has(lower) || BLOCKED_PREFIXES.some((prefix) => lower.startsWith(prefix))) return 'cannot be set';
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
      const problem = seen.has(name.toLowerCase()) ? 'is repeated' : nameProblem(name);
      seen.add(name.toLowerCase());
      if (problem)
        context.addIssue({ code: 'custom', message: `the header ${JSON.stringify(name)} ${problem}`, path: [name] });
    }
    if (names.length > HEADERS_MAX)
      context.addIssue({ code: 'custom', message: `must have at most ${HEADERS_MAX} headers` });
  })
  .meta({
    title: 'Headers',
    description: `additional headers; values are templates, and secret except those of ${PUBLIC.join(', ')}`,
    writeOnlyExcept: PUBLIC,
  });

/**
 * The rendered value of a header, made valid: a line end would start another header, and characters outside Latin-1 are
 * not allowed, so their UTF-8 bytes are sent as other clients do.
 */
export function headerValue(rendered: string): string {
  const line = rendered.replace(/[^\P{Cc}\t]+/gu, ' ').trim();
  return /^\p{ASCII}*$/u.test(line) ? line : Buffer.from(line, 'utf8').toString('latin1');
}
