const MASK = '********';
/** Shorter secrets would blank out ordinary words. */
const SECRET_CHARS_MIN = 4;
/** A base64 fragment shorter than this could stand in any text. */
const FRAGMENT_CHARS_MIN = 6;

/** Percent-encoded, as in a path or query and as in a form; hex digits are matched in both cases by the caller. */
function percentForms(secret: string): string[] {
  // By way of bytes: half a surrogate pair cannot be percent-encoded.
  const encoded = encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'));
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [encoded, strict, strict.replaceAll('%20', '+')];
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()))];
}

/**
 * What base64 of a text that contains the secret contains for certain. A secret may begin at any of three places
 * within a group of three bytes, and the characters it shares with its neighbours differ.
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

/** An `Authorization` value tells its credential too, and that of `Basic` the password inside it. */
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

/** Shorter parts of a path are words, such as `services`. */
const PATH_PART_CHARS_MIN = 16;
const QUERY_VALUE_CHARS_MIN = 8;

/** A secret URL is one for what its path and query hold, which a receiver may give back without its host. */
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

/** Makes what blanks the secrets out of a text, in every form a receiver may give them back. */
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
  // The longest first: a secret that contains another must go as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(pattern, MASK);
}

const redactors = new WeakMap<readonly string[], (text: string) => string>();

/** Blanks the secrets out of a text. The preparation is kept for as long as the same array is handed in. */
export function redact(text: string, secrets: readonly string[]): string {
  const redactor = redactors.get(secrets) ?? createRedactor(secrets);
  redactors.set(secrets, redactor);
  return redactor(text);
}
