import type { SendMailOptions } from 'nodemailer';
import type { MailAddress } from '#libs/contracts';
import { cutText, type TextLimit } from '#libs/contracts';
import type { Message } from '../channel.js';
import { htmlOf } from './html.js';

export interface Parties {
  from: MailAddress;
  to: readonly MailAddress[];
  cc: readonly MailAddress[];
  /** Those whom this attempt is for; the mail names all. */
  left: readonly string[];
}

/** Overrides of the direction of writing: they would show a line other than it is. */
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;
/** Longer subjects are cut by everybody's mail program. */
const SUBJECT_MAX: TextLimit = { max: 250, unit: 'characters' };

/** One mail. Each attempt of a delivery is the same mail but for its date, and names whom it is for in the envelope alone. */
export function composeMail(message: Message, { from, to, cc, left }: Parties, now: Date): SendMailOptions {
  const title = oneLineOf(message.title);
  const subject = cutText(title, SUBJECT_MAX);
  const content = textOf(message.content);
  const { id, follows } = message.thread;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const idOf = (local: string): string => `<${local}@${domain}>`;
  return {
    from: shown(from),
    to: to.map(shown),
    cc: cc.map(shown),
    envelope: { from: from.address, to: [...left] },
    date: now,
    messageId: idOf(message.deliveryId),
    // Nobody ever got the first of them; it holds the mails of an episode together also where one is missing.
    references: [idOf(id), ...(follows === undefined ? [] : [idOf(follows)])],
    ...(follows !== undefined && { inReplyTo: idOf(follows) }),
    subject,
    // What the subject has no room for stands in the text.
    text: [...(subject === title ? [] : [title]), content].filter(Boolean).join('\n\n') || title,
    html: htmlOf({ ...message, title, content }),
    xMailer: 'Tocsin',
    ...(message.level === 'fatal' && { priority: 'high' as const }),
    // So that no automatic answer comes back. Not `Precedence: bulk`: an alert is not to be sorted away.
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tocsin-Delivery': message.deliveryId,
      'X-Tocsin-Level': message.level,
    },
  };
}

const shown = ({ name = '', address }: MailAddress): { name: string; address: string } => ({ name, address });

/** A title as one line: whatever ends a line in it, for whatever reader, becomes a space. */
function oneLineOf(title: string): string {
  const line = title
    .toWellFormed()
    .replaceAll(OVERRIDES, '')
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    // What looks encoded would be decoded by readers, line ends and all.
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
