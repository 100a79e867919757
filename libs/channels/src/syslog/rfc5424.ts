import { cutText } from '#libs/contracts';
import type { Message } from '../channel.js';
import { oneLine } from './line.js';
import { type Facility, priorityOf } from './priority.js';
import { fieldsOf, structuredData } from './structured-data.js';

/** The sender and time of a message. */
export interface Origin {
  facility: Facility;
  /** The name of this host. */
  hostname: string;
  now: Date;
}

const HOSTNAME_CHARS_MAX = 255;

/**
 * A message of https://www.rfc-editor.org/rfc/rfc5424 with at most `bytesMax` bytes of UTF-8. It has no byte order mark
 * (section 6.4), because rsyslogd and others treat that as a part of the text.
 */
export function formatRfc5424(message: Message, { facility, hostname, now }: Origin, bytesMax: number): string {
  const host = hostname.replace(/[^!-~]/g, '').slice(0, HOSTNAME_CHARS_MAX) || '-';
  const head = `<${priorityOf(facility, message.level)}>1 ${now.toISOString()} ${host} tocsin - ${message.level} `;
  const text = oneLine(message.content);
  const room = bytesMax - Buffer.byteLength(head);
  // Text and fields get at least half of the bytes each, because people need the text and programs the fields.
  const textBytesMin = Math.min(Buffer.byteLength(text) + 1, Math.floor(room / 2));
  const fields = structuredData(fieldsOf(message.variables), room - textBytesMin);
  const cut = cutText(text, { max: room - Buffer.byteLength(fields) - 1, unit: 'bytes' });
  return head + fields + (cut === '' ? '' : ` ${cut}`);
}
