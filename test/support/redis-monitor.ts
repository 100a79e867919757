import { createConnection, type Socket } from 'node:net';

/** A call that reached Redis: the command's name and its first argument. */
export interface SeenCall {
  command: string;
  first: string;
}

const LINE = /^\+?[\d.]+ \[(\d+) ([^\]]*)\] "([^"]*)"(?: "((?:[^"\\]|\\.)*)")?/;

/**
 * Records the calls of clients on the database of a URL, without those inside scripts; Redis reports those of all databases,
 * which other specs use at the same time. It uses its own connection to Redis: the client library
 * mistakes lines that arrive together with the answer to MONITOR for answers to commands.
 */
export async function monitorRedis(url: string, onCall: (call: SeenCall) => void): Promise<{ stop(): void }> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const socket: Socket =
    protocol === 'unix:' ? createConnection(decodeURIComponent(pathname)) : createConnection(Number(port), hostname);
  socket.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  const database = protocol === 'unix:' ? '0' : pathname.slice(1) || '0';
  let rest = '';
  const listening = new Promise<void>((resolve) => {
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '+OK') resolve();
        const [, db, source, command = '', first = ''] = LINE.exec(line) ?? [];
        if (db === database && source !== 'lua') onCall({ command: command.toLowerCase(), first });
      }
    });
  });
  socket.on('error', () => {});
  socket.write('MONITOR\r\n');
  await listening;
  return { stop: () => void socket.destroy() };
}
