// The attacker of `npm run bench -- attacks`, in a process of its own: attacker.mjs <attack> <port> <authorization> <ms>.
// It sends to the loopback address only, ends after its time, and prints what it did.
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [name, port, authorization, lastsMs] = process.argv.slice(2);
const endsAt = performance.now() + Number(lastsMs);
const goesOn = () => performance.now() < endsAt;
const counts = { connections: 0, closed: 0, sent: 0 };

/** Opens a connection; resolves when it is open, or undefined when it is refused. */
function open() {
  return new Promise((resolve) => {
    const socket = createConnection({ port: Number(port), host: '127.0.0.1', noDelay: true });
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => {
      counts.closed += 1;
    });
    socket.on('connect', () => {
      counts.connections += 1;
      resolve(socket);
    });
  });
}

const written = (socket, bytes) =>
  new Promise((resolve) => {
    const done = () => {
      socket.off('close', done);
      resolve();
    };
    socket.once('close', done);
    socket.write(bytes, done);
  });

/** Keeps `count` connections busy; one that is closed is opened again. */
async function keepBusy(count, act) {
  const busy = async () => {
    while (goesOn()) {
      const socket = await open();
      if (socket === undefined) await sleep(50);
      else {
        await act(socket);
        socket.destroy();
      }
    }
  };
  await Promise.all(Array.from({ length: count }, busy));
}

const post = (headers, body = '') =>
  `POST /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;

const attacks = {
  metrics: () =>
    keepBusy(10, async (socket) => {
      const packet = 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(500);
      while (goesOn() && !socket.destroyed) {
        await written(socket, packet);
        counts.sent += 500;
      }
    }),
  expressions: () =>
    keepBusy(10, async (socket) => {
      socket.resume();
      const event = { policy: 'hostile', object: 'ab'.repeat(500), level: 'fatal' };
      const body = JSON.stringify(Array.from({ length: 500 }, () => event));
      const message = post(`Authorization: ${authorization}\r\nContent-Length: ${Buffer.byteLength(body)}`, body);
      while (goesOn() && !socket.destroyed) {
        const answered = new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
        socket.write(message);
        counts.sent += 500;
        await Promise.race([answered, sleep(Math.max(0, endsAt - performance.now()))]);
      }
    }),
  chunks: () =>
    keepBusy(3, async (socket) => {
      socket.resume();
      socket.write(post(`Authorization: ${authorization}\r\nTransfer-Encoding: chunked`));
      const packet = Buffer.from('1\r\n \r\n'.repeat(10_000));
      for (let sent = 0; sent < 16 * 2 ** 20 && goesOn() && !socket.destroyed; sent += 10_000) {
        await written(socket, packet);
        counts.sent += 10_000;
      }
    }),
  async slow() {
    const sockets = [];
    for (let i = 0; i < 4_000 && goesOn(); i += 1) {
      const socket = await open();
      if (socket === undefined) continue;
      socket.resume();
      socket.write(post('Content-Length: 1000000', '['));
      sockets.push(socket);
    }
    while (goesOn()) {
      for (const socket of sockets) if (!socket.destroyed) socket.write(' ');
      await sleep(1_000);
    }
    for (const socket of sockets) socket.destroy();
  },
  keys: () =>
    keepBusy(50, async (socket) => {
      const guess = `tk_${Math.random().toString(36).slice(2).padEnd(33, 'x')}`;
      const answered = new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
      socket.write(`GET /api/v1/endpoints HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${guess}\r\n\r\n`);
      counts.sent += 1;
      await Promise.race([answered, sleep(1_000)]);
    }),
};

await attacks[name]();
const unit = { metrics: 'requests', expressions: 'events', chunks: 'chunks', slow: 'bodies', keys: 'guesses' }[name];
const sent = name === 'slow' ? counts.connections : counts.sent;
console.log(`${sent.toLocaleString('en')} ${unit}, ${counts.connections.toLocaleString('en')} connections`);
process.exit(0);
