import { unzipSync } from 'node:zlib';
import { EXCERPT_BYTES, UNPACKED_BYTES_MAX } from './answer-limits.js';

/** Control characters, which neither PostgreSQL nor a terminal accepts. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu;

/**
 * Returns the beginning of a body as text that can be stored and shown.
 * @param cut the body is longer than these bytes
 */
export function excerptOf(body: Buffer, encoding: string | undefined, cut: boolean): string {
  if (body.length === 0) return '';
  if (!encoding || encoding.toLowerCase() === 'identity') return textOf(body, cut);
  // No compression was requested, but a proxy in front of a provider may compress every answer.
  const unpacked = cut ? undefined : unpack(body, encoding.toLowerCase());
  return unpacked
    ? textOf(unpacked.subarray(0, EXCERPT_BYTES), unpacked.length > EXCERPT_BYTES)
    : `(compressed: ${encoding.slice(0, 32)})`;
}

/** Undefined for an unknown encoding, a broken body, or one that unpacks to more than the limit. */
function unpack(body: Buffer, encoding: string): Buffer | undefined {
  if (!['gzip', 'x-gzip', 'deflate'].includes(encoding)) return undefined;
  try {
    return unzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch {
    return undefined;
  }
}

function textOf(body: Buffer, cut: boolean): string {
  // `stream` drops an incomplete character at the end.
  const text = cut ? new TextDecoder('utf-8').decode(body, { stream: true }) : body.toString('utf8');
  return text.replace(CONTROL, '\ufffd');
}
