import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The steps of a session, in their order; `END` is the end of a mail's data. */
export const SMTP_STEPS = ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'END'] as const;
export type SmtpStep = (typeof SMTP_STEPS)[number];

/** What the server says at a step, or one of the ways to say nothing. */
export type Saying = string | 'hang' | 'close' | 'reset';
/** Other commands such as STARTTLS and AUTH may stand in it by their name. */
export type Script = Partial<Record<SmtpStep | 'STARTTLS' | 'AUTH' | 'RSET', Saying>>;

const POLITE: Script = {
  CONNECT: '220 mail.example ESMTP',
  EHLO: '250 mail.example',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  END: '250 2.0.0 queued',
  RSET: '250 2.0.0 ok',
};

export interface ScriptedServer {
  readonly port: number;
  /** Lines that were received, of mails only their end. */
  readonly lines: string[];
  /** How many connections there were. */
  connections: number;
  /** What it says from now on, besides what is polite. */
  say(script: Script): void;
  /** Resets the next connection that comes to the step. */
  breakNext(step: SmtpStep): void;
  /** Says something to every connection without being asked. */
  sayAloud(words: string): void;
  /** Settles when a step that hangs was come to. */
  hung(): Promise<void>;
  stop(): Promise<void>;
}

/** Speaks SMTP line by line, so that it can go wrong at each step. */
export async function startSmtpScript(first: Script = {}): Promise<ScriptedServer> {
  let script = first;
  let toBreak: string | undefined;
  let onHang = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();

  function perform(socket: Socket, step: string): void {
    const breaks = step === toBreak;
    if (breaks) toBreak = undefined;
    const saying = breaks ? 'reset' : ({ ...POLITE, ...script }[step as SmtpStep] ?? '502 5.5.1 not implemented');
    if (saying === 'hang') onHang.resolve();
    else if (saying === 'close') socket.end();
    else if (saying === 'reset') socket.resetAndDestroy();
    else socket.write(`${saying}\r\n`);
  }

  const server = createServer((socket) => {
    started.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    let inData = false;
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (inData && line !== '.') continue;
        const step = inData ? 'END' : (line.split(/[ :]/, 1)[0] ?? '').toUpperCase();
        started.lines.push(line);
        inData = step === 'DATA' && /^3/.test({ ...POLITE, ...script }.DATA ?? '');
        perform(socket, step);
      }
    });
    perform(socket, 'CONNECT');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const started: ScriptedServer = {
    port: (server.address() as AddressInfo).port,
    lines: [],
    connections: 0,
    say(next) {
      script = next;
      onHang = Promise.withResolvers<void>();
    },
    breakNext(step) {
      toBreak = step;
    },
    sayAloud(words) {
      for (const socket of sockets) socket.end(`${words}\r\n`);
    },
    hung: () => onHang.promise,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return started;
}
