import { cutText } from '#libs/contracts';
import type { Message } from '../channel.js';
import { oneLine } from './line.js';
import { priorityOf } from './priority.js';
import type { Origin } from './rfc5424.js';

/** https://www.rfc-editor.org/rfc/rfc3164#section-4.1 */
const BYTES_MAX = 1_024;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A message of https://www.rfc-editor.org/rfc/rfc3164: one line that ends with the delivery id, even if it was cut. */
export function formatRfc3164(message: Message, { facility, hostname, now }: Origin): string {
  // Without its domain; receivers parse a dash as the tag.
  const host =
    hostname
      .split('.', 1)[0]
      ?.replace(/[^\w-]/g, '')
      .slice(0, 63) || 'localhost';
  const head = `<${priorityOf(facility, message.level)}>${timestamp(now)} ${host} tocsin: `;
  const tail = ` delivery_id=${message.deliveryId}`;
  const max = BYTES_MAX - Buffer.byteLength(head + tail);
  return head + cutText(oneLine(message.content), { max, unit: 'bytes' }) + tail;
}

/** The local time of this host, in the form of RFC 3164. */
function timestamp(now: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':');
  return `${MONTHS[now.getMonth()]} ${String(now.getDate()).padStart(2)} ${time}`;
}
