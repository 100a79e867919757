import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { type ReceivedMail, startMailServer } from '../../test/mail-server.js';

const LOGIN = { username: 'alerts', password: 'hunter22' };
const REFUSED = 'night@example.org';
const RECIPIENTS = ['ops@example.org', REFUSED, 'boss@example.org'];
const FROM = 'alerts@example.org';

/** All headers of a mail of Tocsin; any other one was injected. */
const HEADERS = new Set([
  'auto-submitted',
  'cc',
  'content-transfer-encoding',
  'content-type',
  'date',
  'from',
  'importance',
  'in-reply-to',
  'message-id',
  'mime-version',
  'references',
  'subject',
  'to',
  'x-auto-response-suppress',
  'x-mailer',
  'x-msmail-priority',
  'x-priority',
  'x-tocsin-delivery',
  'x-tocsin-level',
]);
/** The maximum length of a line: https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1 */
const LINE_CHARS_MAX = 998;

/** Starts a mail server that requires a login and STARTTLS. */
export async function startFakeProvider(): Promise<FakeProvider> {
  const server = await startMailServer({ security: 'starttls', certificate: SERVER, login: LOGIN, host: '127.0.0.1' });
  let situation: Situation = 'delivered';
  /** Parsed mails; each is parsed once, because some are long. */
  const read: { shown: string; deliveryId: string; complaints: string[] }[] = [];
  const readAll = (): typeof read => {
    for (const received of server.mails.slice(read.length)) {
      const { subject, text, messageId = '' } = received.mail;
      const deliveryId = messageId.replace(/^<(.*)@.*$/, '$1');
      read.push({ shown: `${subject}\n${text}`, deliveryId, complaints: complaintsOf(received) });
    }
    return read;
  };
  /** A text that repeats the login and the mail, as some servers do in a refusal. */
  const echo = (raw: string): string =>
    `${LOGIN.password} ${Buffer.from(`\0${LOGIN.username}\0${LOGIN.password}`).toString('base64')} ${raw.slice(0, 200).replaceAll(/\s+/g, ' ')}`;

  server.onSender = () => (situation === 'misconfigured' ? `550 5.7.1 not as ${FROM} ${echo('')}` : undefined);
  server.onRecipient = (address) =>
    situation === 'partial' && address === REFUSED ? '550 5.1.1 no such user' : undefined;
  server.onMail = (raw) => {
    if (situation === 'rejected') return `550 5.7.1 looks like spam: ${echo(raw)}`;
    if (situation === 'unavailable') return `451 4.3.0 try again later: ${echo(raw)}`;
    return situation === 'unknown' ? new Promise(() => {}) : undefined;
  };

  return {
    config: {
      from: `Alerts <${FROM}>`,
      to: [`Ops <${RECIPIENTS[0]}>`, REFUSED],
      cc: [RECIPIENTS[2]],
      host: 'localhost',
      port: server.port,
      security: 'starttls',
      caCert: AUTHORITY,
      ...LOGIN,
    },
    play(next) {
      situation = next;
    },
    get shown() {
      return readAll().map(({ shown }) => shown);
    },
    get deliveryIds() {
      return readAll().map(({ deliveryId }) => deliveryId);
    },
    get complaints() {
      return readAll().flatMap(({ complaints }) => complaints);
    },
    close: () => server.stop(),
  };
}

function complaintsOf({ from, to, secure, user, raw, mail }: ReceivedMail): string[] {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const names = head.split('\r\n').flatMap((line) => /^([\w-]+):/.exec(line)?.[1]?.toLowerCase() ?? []);
  const wrong: Record<string, boolean> = {
    'a login, over TLS': !secure || user !== LOGIN.username,
    'the envelope': from !== FROM || to.some((address) => !RECIPIENTS.includes(address)),
    'the sender': mail.from?.address !== FROM,
    'the recipients': addresses(mail.to) !== RECIPIENTS.slice(0, 2).join() || addresses(mail.cc) !== RECIPIENTS[2],
    'the headers': names.some((name) => !HEADERS.has(name)) || new Set(names).size !== names.length,
    'a line': raw.split('\r\n').some((line) => line.length > LINE_CHARS_MAX || /[\r\n\0]/.test(line)),
    'the subject': /\p{Cc}/u.test(mail.subject ?? ''),
    'the markup': /<(?!\/?(?:html|head|meta|title|body|div|a)\b|!DOCTYPE)/i.test(mail.html ?? '<'),
    'a link': /href="(?!https?:)/i.test(mail.html ?? ''),
  };
  return Object.entries(wrong).flatMap(([name, isWrong]) =>
    isWrong ? [`${name} is wrong: ${JSON.stringify(raw.slice(0, 1_000))}`] : [],
  );
}

const addresses = (list: readonly { address?: string }[] | undefined): string =>
  (list ?? []).map(({ address }) => address).join();
