import { unzipSync } from 'node:zlib';

/** Twice what is kept of a body: a header that a receiver gives back is no longer than the other half. */
export const EXCERPT_BYTES = 8_192;

// Neither PostgreSQL nor a terminal takes these.
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/** Words of a provider are short: what unpacks to more is no answer to a message. */
const UNPACKED_BYTES_MAX = 65_536;

/** The beginning of a body as text that can be stored and shown. */
export function excerptOf(body: Buffer, encoding: string | undefined, cut: boolean): string {
  if (body.length === 0) return '';
  if (!encoding || encoding.toLowerCase() === 'identity') return textOf(body, cut);
  // Nobody asked for it, but providers that say in the body what became of a message may stand behind what compresses all.
  const unpacked = cut ? undefined : unpack(body, encoding.toLowerCase());
  return unpacked
    ? textOf(unpacked.subarray(0, EXCERPT_BYTES), unpacked.length > EXCERPT_BYTES)
    : `(compressed: ${encoding.slice(0, 32)})`;
}

/** Undefined for what is broken, or made to become huge. */
function unpack(body: Buffer, encoding: string): Buffer | undefined {
  if (!['gzip', 'x-gzip', 'deflate'].includes(encoding)) return undefined;
  try {
    return unzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch {
    return undefined;
  }
}

function textOf(body: Buffer, cut: boolean): string {
  // `stream` drops a character that was cut in two at the end.
  const text = cut ? new TextDecoder('utf-8').decode(body, { stream: true }) : body.toString('utf8');
  return text.replace(CONTROL, '\ufffd');
}
