import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createSecureContext, getCACertificates } from 'node:tls';
import { createTransport, type SendMailOptions, type SMTPPoolOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';
import type { SmtpServer } from '#libs/contracts';
import type { ChannelIo } from '../channel.js';
import './bound-replies.js';
import { createFairShare } from './fair-share.js';

/** The result of one mail in nodemailer. */
export type Handling =
  | { info: SMTPPoolSentMessageInfo }
  /** `handedOver`: the whole mail was written to the connection. */
  | { error: unknown; handedOver: boolean };

/** The surroundings of one send. */
export interface SendContext {
  signal: AbortSignal;
  /** Called directly before the sender, the first byte of the mail and its last line are written; aborts the signal to refuse. */
  beforeWrite(): void;
  connect: ChannelIo['connect'];
}

/** Connections to one mail server. */
export interface MailPool {
  send(mail: SendMailOptions, context: SendContext): Promise<Handling>;
  /** Closes the connections after all mails in flight have ended. */
  close(): void;
}

const CONNECT_MS = 10_000;
/** Time limit from connecting to the end of EHLO, with name lookup and STARTTLS, in milliseconds. */
const SESSION_MS = 20_000;
const GREETING_MS = 10_000;
/** Time limit for a reply in milliseconds. Some servers scan a mail before they reply to it. */
const REPLY_MS = 30_000;
const REPLY_BYTES_MAX = 65_536;
/** Below the 50 connections that Postfix allows a client. */
const CONNECTIONS_MAX = 20;
/** Maximum connections for mails to the same recipients, so that a list that hangs leaves some to others. */
const CONNECTIONS_EACH_MAX = 3;
const MAILS_PER_CONNECTION_MAX = 100;
/** Idle time after which a connection is closed, in milliseconds; shorter than the limit of usual firewalls. */
const IDLE_MS = 30_000;
/** Retries over another connection when a cached one breaks before any part of a mail is sent. */
const REQUEUES_MAX = 2;

/** Returns the pool of a mail server, or opens one. */
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
  let inFlight = 0;
  let closing = false;
  const handedOver = new WeakSet<AbortSignal>();
  const gates = new WeakMap<AbortSignal, () => void>();
  const share = createFairShare(CONNECTIONS_EACH_MAX);

  const getSocket: SMTPPoolOptions['getSocket'] = (_options, callback) => {
    if (!connect) throw new Error('no mail is being sent');
    connect({ host: server.host, port: server.port, timeoutMs: CONNECT_MS }).then(
      (connection) => callback(null, { connection }),
      (error) => callback(error),
    );
  };
  const transport = createTransport({ ...optionsFor(server), getSocket });
  // nodemailer reads the stream only after the server has accepted DATA, so its end means that the mail was written.
  transport.use('stream', ({ data, message }, done) => {
    const beforeWrite = (): void => data.signal && gates.get(data.signal)?.();
    // A copy for each connection, because nodemailer notes refusals in the envelope.
    const { from, to } = message.getEnvelope();
    message.getEnvelope = () => {
      // The pool reads the envelope on an open session, directly before MAIL FROM.
      beforeWrite();
      return { from, to: [...to] };
    };
    message.processFunc((mail) => checkedMail(mail, beforeWrite, () => data.signal && handedOver.add(data.signal)));
    done();
  });

  return {
    async send(mail, { signal, beforeWrite, connect: connectNow }) {
      // A pooled connection serves any mail, so it is opened by the `connect` of the latest send.
      connect = connectNow;
      gates.set(signal, beforeWrite);
      inFlight += 1;
      try {
        const sending = () => transport.sendMail({ ...mail, signal });
        return { info: await share.run(recipientsOf(mail), signal, sending) };
      } catch (error) {
        return { error, handedOver: handedOver.has(signal) };
      } finally {
        inFlight -= 1;
        if (closing && inFlight === 0) transport.close();
      }
    },
    close() {
      closing = true;
      if (inFlight === 0) transport.close();
    },
  };
}

/** Checks the lease when the server has accepted DATA, and again before the line that ends the mail. */
function checkedMail<S extends Readable>(mail: S, beforeWrite: () => void, onWritten: () => void): S {
  const pipe = mail.pipe.bind(mail);
  mail.pipe = (destination, options) => {
    beforeWrite();
    return pipe(destination, options);
  };
  return mail.once('end', () => {
    beforeWrite();
    onWritten();
  });
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
      // Created once, because it takes milliseconds.
      ...(caCert && { secureContext: createSecureContext({ ca: [...getCACertificates('default'), caCert] }) }),
    },
    // If a password is configured, require AUTH even when the server does not advertise it.
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
