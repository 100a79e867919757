import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A connection of a sender. */
export interface SeenConnection {
  /** Complete messages, by their octet counts. */
  messages: string[];
  /** The bytes of an incomplete message. */
  rest: Buffer;
  socket: Socket;
}

export interface SyslogReceiver {
  port: number;
  connections: SeenConnection[];
  stop(): Promise<void>;
}

export interface ReceiverOptions {
  tls?: { cert: string; key: string };
  port?: number;
  onConnection?(connection: SeenConnection): void;
}

/** Starts a syslog server over TCP or TLS that splits messages by https://www.rfc-editor.org/rfc/rfc6587. */
export async function startSyslogReceiver({
  tls,
  port = 0,
  onConnection,
}: ReceiverOptions = {}): Promise<SyslogReceiver> {
  const connections: SeenConnection[] = [];
  const accept = (socket: Socket): void => {
    const connection: SeenConnection = { messages: [], rest: Buffer.alloc(0), socket };
    connections.push(connection);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      connection.rest = Buffer.concat([connection.rest, data]);
      takeApart(connection);
    });
    onConnection?.(connection);
  };
  const server = tls ? createTlsServer(tls, accept).on('tlsClientError', () => {}) : createServer(accept);
  await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections,
    stop() {
      for (const { socket } of connections) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function takeApart(connection: SeenConnection): void {
  for (;;) {
    const space = connection.rest.indexOf(' ');
    if (space < 0) return;
    const length = connection.rest.toString('latin1', 0, space);
    if (!/^[1-9]\d*$/.test(length)) throw new Error(`no octet count: ${JSON.stringify(length.slice(0, 40))}`);
    const end = space + 1 + Number(length);
    if (connection.rest.length < end) return;
    connection.messages.push(connection.rest.toString('utf8', space + 1, end));
    connection.rest = connection.rest.subarray(end);
  }
}
