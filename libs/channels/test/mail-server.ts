import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions } from 'smtp-server';
import type { SmtpSecurity } from '#libs/contracts';

/** An accepted mail. */
export interface ReceivedMail {
  from: string;
  /** The recipients of the envelope. */
  to: string[];
  /** Whether it was received over TLS. */
  secure: boolean;
  user: string | undefined;
  raw: string;
  mail: Email;
}

/** A refusal, such as `550 5.1.1 no such user`; undefined to accept. */
export type Reply = string | undefined;

export interface MailServerOptions {
  security?: SmtpSecurity;
  certificate?: { cert: string; key: string };
  login?: { username: string; password: string };
  host?: string;
  /** The maximum size of a mail in bytes. */
  size?: number;
  /** The port of an earlier server, to restart it. */
  port?: number;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** Accepted mails, oldest first. */
  readonly mails: ReceivedMail[];
  /** Every recipient of RCPT commands, refused ones included. */
  readonly asked: string[];
  /** The number of connections so far. */
  connections: number;
  onRecipient: (address: string) => Reply | Promise<Reply>;
  onSender: (address: string) => Reply;
  /** A promise that does not settle makes the server hang. */
  onMail: (raw: string) => Reply | Promise<Reply>;
  /** Ends every connection, as servers do after an idle time. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/** Starts a real mail server on a free port; it requires a login only if `login` is set. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = new SMTPServer({
    ...sessionOptions(options),
    onConnect: (_session, done) => {
      started.connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      const { login } = options;
      if (username === login?.username && password === login?.password) done(null, { user: username });
      else done(refusal('535 5.7.8 authentication failed'));
    },
    onMailFrom: ({ address }, _session, done) => done(refusal(started.onSender(address))),
    onRcptTo: ({ address }, _session, done) => {
      started.asked.push(address);
      void Promise.resolve(started.onRecipient(address)).then((reply) => done(refusal(reply)));
    },
    onData: (stream, session, done) => {
      void receive(stream).then(async (raw) => {
        const reply = stream.sizeExceeded
          ? '552 5.3.4 the mail is too big'
          : await started.onMail(raw.toString('latin1'));
        if (reply !== undefined) return done(refusal(reply));
        const { mailFrom, rcptTo } = session.envelope;
        started.mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
          raw: raw.toString('latin1'),
          mail: await PostalMime.parse(raw),
        });
        return done(null, 'taken');
      });
    },
  });
  // A failed handshake emits an error here, which would end the process.
  server.on('error', () => {});
  server.listen(port, host);
  await once(server.server, 'listening');

  const started: MailServer = {
    host,
    port: (server.server.address() as AddressInfo).port,
    mails: [],
    asked: [],
    connections: 0,
    onRecipient: () => undefined,
    onSender: () => undefined,
    onMail: () => undefined,
    dropConnections() {
      for (const connection of server.connections) connection.close();
    },
    async stop() {
      this.dropConnections();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
  return started;
}

function sessionOptions({ security = 'none', certificate, login, size }: MailServerOptions): SMTPServerOptions {
  return {
    ...certificate,
    secure: security === 'tls',
    disabledCommands: [...(security === 'starttls' ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    authOptional: login === undefined,
    allowInsecureAuth: security === 'none',
    disableReverseLookup: true,
    logger: false,
    ...(size !== undefined && { size }),
  };
}

function refusal(reply: Reply): Error | null {
  if (reply === undefined) return null;
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

async function receive(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
