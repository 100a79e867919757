import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The steps of a session in order; `END` is the end of a mail's data. */
export const SMTP_STEPS = ['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'END'] as const;
export type SmtpStep = (typeof SMTP_STEPS)[number];

/** The reply at a step, or a way of not replying. */
export type Reply = string | 'hang' | 'close' | 'reset';
/** Replies by step, also for the commands STARTTLS and AUTH. */
export type Script = Partial<Record<SmtpStep | 'STARTTLS' | 'AUTH' | 'RSET', Reply>>;

const SUCCESS: Script = {
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
  /** Received lines; of the data of mails only the end. */
  readonly lines: string[];
  /** The number of connections so far. */
  connections: number;
  /** Sets the replies of further steps; other steps succeed. */
  say(script: Script): void;
  /** Resets the next connection that reaches the step. */
  breakNext(step: SmtpStep): void;
  /** Writes a line to every connection without a command. */
  sayAloud(text: string): void;
  /** Resolves when a step that hangs is reached. */
  hung(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an SMTP server that can fail at each step. */
export async function startSmtpScript(first: Script = {}): Promise<ScriptedServer> {
  let script = first;
  let toBreak: string | undefined;
  let onHang = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();

  function perform(socket: Socket, step: string): void {
    const breaks = step === toBreak;
    if (breaks) toBreak = undefined;
    const reply = breaks ? 'reset' : ({ ...SUCCESS, ...script }[step as SmtpStep] ?? '502 5.5.1 not implemented');
    if (reply === 'hang') onHang.resolve();
    else if (reply === 'close') socket.end();
    else if (reply === 'reset') socket.resetAndDestroy();
    else socket.write(`${reply}\r\n`);
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
        inData = step === 'DATA' && /^3/.test({ ...SUCCESS, ...script }.DATA ?? '');
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
