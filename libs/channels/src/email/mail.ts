import type { SendMailOptions } from 'nodemailer';
import type { MailAddress } from '#libs/contracts';
import { cutText, type TextLimit } from '#libs/contracts';
import type { Message } from '../channel.js';
import { htmlOf } from './html.js';

export interface Parties {
  from: MailAddress;
  to: readonly MailAddress[];
  cc: readonly MailAddress[];
  /** The recipients of this attempt; the headers have all. */
  left: readonly string[];
}

/** Overrides of the writing direction, which could disguise a text. */
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;
/** Mail programs cut longer subjects. */
const SUBJECT_MAX: TextLimit = { max: 250, unit: 'characters' };

/** Composes a mail. All attempts of a delivery have the same headers but the date; only the envelope has the recipients left. */
export function composeMail(message: Message, { from, to, cc, left }: Parties, now: Date): SendMailOptions {
  const title = oneLineOf(message.title);
  const subject = cutText(title, SUBJECT_MAX);
  const content = textOf(message.content);
  const { id, follows } = message.thread;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const idOf = (local: string): string => `<${local}@${domain}>`;
  return {
    from: headerAddress(from),
    to: to.map(headerAddress),
    cc: cc.map(headerAddress),
    envelope: { from: from.address, to: [...left] },
    date: now,
    messageId: idOf(message.deliveryId),
    // The first id belongs to no mail; it groups the mails of an episode even if one is missing.
    references: [idOf(id), ...(follows === undefined ? [] : [idOf(follows)])],
    ...(follows !== undefined && { inReplyTo: idOf(follows) }),
    subject,
    // The text starts with the whole title if the subject was cut.
    text: [...(subject === title ? [] : [title]), content].filter(Boolean).join('\n\n') || title,
    html: htmlOf({ ...message, title, content }),
    xMailer: 'Tocsin',
    ...(message.level === 'fatal' && { priority: 'high' as const }),
    // These headers suppress automatic replies. Not `Precedence: bulk`, which would hide alerts among newsletters.
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tocsin-Delivery': message.deliveryId,
      'X-Tocsin-Level': message.level,
    },
  };
}

const headerAddress = ({ name = '', address }: MailAddress): { name: string; address: string } => ({ name, address });

/** A title as one line: every kind of line end becomes a space. */
function oneLineOf(title: string): string {
  const line = title
    .toWellFormed()
    .replaceAll(OVERRIDES, '')
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    // Mail programs would decode a text that looks like an encoded word, with line ends.
    .replaceAll('=?', '= ?')
    .trim();
  return line || 'Tocsin';
}

function textOf(content: string): string {
  return content
    .toWellFormed()
    .replaceAll(OVERRIDES, '')
    .replaceAll(/\r\n?|\u2028|\u2029/g, '\n')
    .replaceAll(/[^\P{Cc}\t\n]/gu, '')
    .trim();
}
