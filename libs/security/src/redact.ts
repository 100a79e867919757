const MASK = '********';
/** Shortest secret to redact; shorter ones would redact ordinary words. */
const SECRET_CHARS_MIN = 4;
/** Shortest base64 fragment to redact; shorter ones occur in any text. */
const FRAGMENT_CHARS_MIN = 6;

/** Percent-encoded forms, as in a path, query or form body, with hex digits in both cases. */
function percentForms(secret: string): string[] {
  // Through bytes, since a lone surrogate cannot be percent-encoded.
  const encoded = encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [encoded, strict, strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))];
}

/**
 * Fragments that the base64 of any text with the secret contains. The secret may begin at any of three positions within a
 * group of three bytes; characters shared with neighbouring bytes are left out.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const sure = encoded.slice(from, to);
    return sure.length < FRAGMENT_CHARS_MIN ? [] : [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function jsonForms(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [escaped, escaped.replaceAll('/', '\\/')];
}

const htmlForm = (secret: string): string =>
  secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The credential within an `Authorization` value, and the password within a `Basic` credential. */
function credentialsIn(secret: string): string[] {
  const match = /^(basic|bearer|token|apikey|digest)\s+(\S+)$/i.exec(secret);
  const credential = match?.[2];
  if (!credential) return [];
  if (match[1]?.toLowerCase() !== 'basic') return [credential];
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credential, pair, password];
}

const hexForms = (secret: string): string[] => {
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  return [hex, hex.toUpperCase()];
};

/** Shortest path segment to redact; shorter ones are words such as `services`. */
const PATH_PART_CHARS_MIN = 16;
const QUERY_VALUE_CHARS_MIN = 8;

/** Secret parts of a URL: path, query and password, which a receiver may return without the host. */
function partsOfUrl(secret: string): string[] {
  const url = /^https?:/i.test(secret) ? URL.parse(secret) : null;
  if (!url) return [];
  const target = url.pathname + url.search;
  return [
    ...(target.length >= QUERY_VALUE_CHARS_MIN ? [target] : []),
    ...url.pathname.split('/').filter((part) => part.length >= PATH_PART_CHARS_MIN),
    ...[...url.searchParams.values()].filter((value) => value.length >= QUERY_VALUE_CHARS_MIN),
    url.password,
  ];
}

/** Creates a function that removes secrets from a text, in every form in which a receiver may return them. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const plain = secrets.flatMap((secret) => [secret, secret.trim(), ...credentialsIn(secret), ...partsOfUrl(secret)]);
  const forms = plain
    .filter((secret) => secret.length >= SECRET_CHARS_MIN)
    .flatMap((secret) => [
      secret,
      ...percentForms(secret),
      ...base64Forms(secret),
      ...hexForms(secret),
      ...jsonForms(secret),
      htmlForm(secret),
    ]);
  if (forms.length === 0) return (text) => text;
  // The longest first, so that a secret that contains another is removed as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(pattern, MASK);
}

const redactors = new WeakMap<readonly string[], (text: string) => string>();

/** Removes secrets from a text. The compiled pattern is cached by the identity of the array. */
export function redact(text: string, secrets: readonly string[]): string {
  const redactor = redactors.get(secrets) ?? createRedactor(secrets);
  redactors.set(secrets, redactor);
  return redactor(text);
}
