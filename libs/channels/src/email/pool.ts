import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates } from 'node:tls';
import { createTransport, type SendMailOptions, type SMTPPoolOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';
import type { SmtpServer } from '#libs/contracts';
import type { ChannelIo } from '../channel.js';
import './bound-replies.js';
import { createFairShare } from './fair-share.js';

/** What became of one mail. */
export type Handling =
  | { info: SMTPPoolSentMessageInfo }
  /** `handedOver`: it had left to its last byte. */
  | { error: unknown; handedOver: boolean };

/** Connections to one mail server. */
export interface MailPool {
  send(mail: SendMailOptions, signal: AbortSignal, connect: ChannelIo['connect']): Promise<Handling>;
  /** Takes no more mails; those under way come to their end. */
  close(): void;
}

const CONNECT_MS = 10_000;
/** From the connection to the end of the greetings, with the name and a change to TLS in it. */
const SESSION_MS = 20_000;
const GREETING_MS = 10_000;
/** How long the server may take for a reply. Most answer to the end of a mail within seconds, some look into it first. */
const REPLY_MS = 30_000;
const REPLY_BYTES_MAX = 65_536;
/** Under the fifty that Postfix allows a client. */
const CONNECTIONS_MAX = 20;
/** So many of them at most for mails to the same recipients: a list that hangs must leave some to others. */
const CONNECTIONS_EACH_MAX = 3;
const MAILS_PER_CONNECTION_MAX = 100;
/** Shorter than what firewalls forget a connection after. */
const IDLE_MS = 30_000;
/** A kept connection may turn out to be dead before anything of a mail is sent; that mail goes out over another one. */
const REQUEUES_MAX = 2;

/** The pool for a mail server, opened if there is none yet. */
export function mailPool(server: SmtpServer, reuse: ChannelIo['reuse']): MailPool {
  const { host, port, security, username, password, caCert } = server;
  const identity = JSON.stringify([host, port, security, username, password, caCert]);
  const key = `email:${createHash('sha256').update(identity).digest('base64url')}`;
  return reuse(
    key,
    () => openPool(server),
    (pool) => pool.close(),
  );
}

function openPool(server: SmtpServer): MailPool {
  let connect: ChannelIo['connect'] | undefined;
  let underWay = 0;
  let closing = false;
  const handedOver = new WeakSet<AbortSignal>();
  const share = createFairShare(CONNECTIONS_EACH_MAX);

  const getSocket: SMTPPoolOptions['getSocket'] = (_options, callback) => {
    if (!connect) throw new Error('nothing is sent yet');
    connect({ host: server.host, port: server.port, timeoutMs: CONNECT_MS }).then(
      (connection) => callback(null, { connection }),
      (error) => callback(error),
    );
  };
  const transport = createTransport({ ...optionsFor(server), getSocket });
  // The stream ends when its last byte is read, which is only then done when the server has asked for the mail.
  transport.use('stream', ({ data, message }, done) => {
    // A copy for each connection: what one was told is noted in it, and would be held against the next.
    const { from, to } = message.getEnvelope();
    message.getEnvelope = () => ({ from, to: [...to] });
    message.processFunc((mail) => mail.once('end', () => data.signal && handedOver.add(data.signal)));
    done();
  });

  return {
    async send(mail, signal, connectNow) {
      // Connections are opened for whoever comes first; what matters is that it is a way that is open now.
      connect = connectNow;
      underWay += 1;
      try {
        const sending = () => transport.sendMail({ ...mail, signal });
        return { info: await share.run(recipientsOf(mail), signal, sending) };
      } catch (error) {
        return { error, handedOver: handedOver.has(signal) };
      } finally {
        underWay -= 1;
        if (closing && underWay === 0) transport.close();
      }
    },
    close() {
      closing = true;
      if (underWay === 0) transport.close();
    },
  };
}

const recipientsOf = ({ to, cc }: SendMailOptions): string => JSON.stringify([to, cc]);

function optionsFor({
  host,
  port,
  security,
  username,
  password,
  caCert,
}: SmtpServer): SMTPPoolOptions & { pool: true } {
  return {
    pool: true,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: {
      rejectUnauthorized: true,
      // Made once: building it from the system's authorities takes milliseconds.
      ...(caCert && { secureContext: createSecureContext({ ca: [...getCACertificates('default'), caCert] }) }),
    },
    // Who gave a password wants it asked for, also of a server that does not offer to.
    ...(username !== undefined && { auth: { user: username, pass: password }, forceAuth: true }),
    connectionTimeout: SESSION_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: REPLY_MS,
    maxResponseSize: REPLY_BYTES_MAX,
    maxConnections: CONNECTIONS_MAX,
    maxMessages: MAILS_PER_CONNECTION_MAX,
    maxRequeues: REQUEUES_MAX,
    idleTimeout: IDLE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
