import { z } from 'zod';
import { parseDuration, parseMailAddress, parseSmtpUrl, SMTP_URL_FORMS } from '#libs/contracts';
import { parseAddressRanges } from './address-ranges.js';
import { ADMIN_KEY_FORM, isAdminKey } from './admin-key.js';
import { parseRedisUrl, REDIS_URL_FORMS } from './redis-address.js';

/** A variable that `parse` reads; `allowed` is the error text for any other value. */
function parsed<T>(allowed: string, parse: (text: string) => T | undefined) {
  return z
    .string()
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: allowed });
      return z.NEVER;
    })
    .optional();
}

const integer = (min: number, max: number) =>
  parsed(`a whole number from ${min} to ${max}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  });

const oneOf = <const T extends string>(...words: T[]) =>
  parsed(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text));

const matching = (allowed: string, pattern: RegExp) =>
  parsed(allowed, (text) => (pattern.test(text) ? text : undefined));

/** A variable that `parse` validates and that stays text; its users parse it with the same function. */
const understood = (allowed: string, parse: (text: string) => unknown) =>
  parsed(allowed, (text) => (parse(text) === undefined ? undefined : text));

const urlOf = (allowed: string, ...protocols: string[]) =>
  parsed(allowed, (text) => (URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined));

const flag = parsed('true or false', (text) =>
  /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : undefined,
);

const KEY_BYTES = 32;
const secretKey = parsed(
  `${KEY_BYTES} bytes in base64, as \`openssl rand -base64 ${KEY_BYTES}\` prints them`,
  (text) => {
    const bytes = /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
    return bytes.length === KEY_BYTES ? bytes : undefined;
  },
);

const CHANNELS_FORMS =
  'all, comma-separated channel names (http,email), or excluded ones, each with a dash (-http,-email)';

const channels = parsed(CHANNELS_FORMS, (text) => {
  if (text === 'all') return 'all' as const;
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
  if (names.length === 0) return undefined;
  if (names.every((name) => /^[a-z][a-z0-9-]*$/.test(name))) return names;
  if (names.every((name) => /^-[a-z][a-z0-9-]*$/.test(name))) return { except: names.map((name) => name.slice(1)) };
  return undefined;
});

/** All environment variables that Tocsin reads. */
export const variables = z.object({
  HOST: matching('an address or a host name', /^[A-Za-z0-9.:_%-]+$/),
  PORT: integer(0, 65_535),
  REDIS_URL: parsed(REDIS_URL_FORMS, parseRedisUrl),
  DATABASE_URL: urlOf('postgres://user:password@host:port/database', 'postgres:', 'postgresql:'),
  SMTP_URL: understood(SMTP_URL_FORMS, parseSmtpUrl),
  SMTP_FROM: understood('a mail address, with or without a name: Ops <ops@example.org>', parseMailAddress),
  TOCSIN_DATA_DIR: matching('a folder', /\S/),
  TOCSIN_ADMIN_KEY: parsed(ADMIN_KEY_FORM, (text) => (isAdminKey(text) ? text : undefined)),
  TOCSIN_SECRET_KEY: secretKey,
  TOCSIN_CHANNELS: channels,
  TOCSIN_CONCURRENCY: integer(1, 5_000),
  TOCSIN_EGRESS_DENY: parsed('comma-separated CIDR ranges (10.0.0.0/8,fd00::/8), or none', parseAddressRanges),
  TOCSIN_LANG: oneOf('en', 'zh-CN'),
  TOCSIN_RETENTION: parsed('a whole number with s, m, h or d, at most 365d, such as 30d', (text) => {
    const ms = parseDuration(text);
    return ms ? ms : undefined;
  }),
  TOCSIN_METRICS_AUTH: flag,
  TOCSIN_TEAM_QUOTA: integer(0, 1_000_000_000),
  TOCSIN_ALLOW_UNSAFE_REDIS: flag,
  TOCSIN_LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  TOCSIN_TRUSTED_PROXIES: parsed(
    'comma-separated CIDR ranges or addresses of proxies (10.0.0.0/8,fd00::/8), or none',
    parseAddressRanges,
  ),
  TOCSIN_WORKERS: integer(1, 64),
  TOCSIN_STANDALONE: flag,
});
export type VariableName = keyof z.infer<typeof variables>;

/** Variables whose value is or may contain a secret; they are never printed. */
export const SECRET_VARIABLES: ReadonlySet<string> = new Set<VariableName>([
  'REDIS_URL',
  'DATABASE_URL',
  'SMTP_URL',
  'TOCSIN_ADMIN_KEY',
  'TOCSIN_SECRET_KEY',
]);
