import { createConnection } from 'node:net';
import { messageLength } from './http-message.mjs';

/** A connection that sends one request after the other. It does little work, to leave CPU time to the servers. */
class Connection {
  constructor(port) {
    this.text = '';
    this.socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1').on('data', (chunk) => this.read(chunk));
    this.socket.on('error', (error) => this.reject?.(error));
    this.socket.on('close', () => this.reject?.(new Error('the connection was closed')));
  }

  send(message) {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(message);
    });
  }

  read(chunk) {
    this.text += chunk;
    const length = messageLength(this.text);
    if (length === 0) return;
    const answer = this.text.slice(0, length);
    this.text = this.text.slice(length);
    if (/^HTTP\/1.1 2/.test(answer)) this.resolve();
    else this.reject(new Error(`POST of events returned ${answer.slice(0, 1_000)}`));
  }
}

/** Sends each message on the first free one of `connections` connections; settles when all are answered. */
export async function sendAll(port, messages, connections) {
  const rest = (messages[Symbol.asyncIterator] ?? messages[Symbol.iterator]).call(messages);
  const open = Array.from({ length: connections }, () => new Connection(port));
  try {
    await Promise.all(
      open.map(async (connection) => {
        for (let next = await rest.next(); !next.done; next = await rest.next()) await connection.send(next.value);
      }),
    );
  } finally {
    for (const connection of open) connection.socket.destroy();
  }
}
