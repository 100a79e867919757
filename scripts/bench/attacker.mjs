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

const packetOf = (head, headers, body = '') =>
  `${head} HTTP/1.1\r\n${['Host: 127.0.0.1', ...headers].join('\r\n')}\r\n\r\n${body}`;
const post = (headers, body) => packetOf('POST /api/v1/events', ['Content-Type: application/json', ...headers], body);
const withKey = [`Authorization: ${authorization}`];
const answered = (socket) => new Promise((resolve) => socket.once('data', resolve).once('close', resolve));

const chunks = (count, key) =>
  keepBusy(count, async (socket) => {
    socket.resume();
    socket.write(post([...key, 'Transfer-Encoding: chunked']));
    const packet = Buffer.from('1\r\n \r\n'.repeat(10_000));
    for (let sent = 0; sent < 16 * 2 ** 20 && goesOn() && !socket.destroyed; sent += 10_000) {
      await written(socket, packet);
      counts.sent += 10_000;
    }
  });

/** A body of which one byte a second comes, for as long as its connection is open. */
async function slowBody(socket, key) {
  socket.resume();
  socket.write(post([...key, 'Content-Length: 1000000'], '['));
  counts.sent += 1;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  while (goesOn() && !socket.destroyed) {
    await Promise.race([sleep(1_000), closed]);
    if (!socket.destroyed) socket.write(' ');
  }
}

const attacks = {
  metrics: () =>
    keepBusy(10, async (socket) => {
      const packet = packetOf('GET /metrics', []).repeat(500);
      while (goesOn() && !socket.destroyed) {
        await written(socket, packet);
        counts.sent += 500;
      }
    }),
  async slow() {
    for (let i = 0; i < 4_000 && goesOn(); i += 1) {
      const socket = await open();
      if (socket) void slowBody(socket, []);
    }
    while (goesOn()) await sleep(100);
  },
  slowAgain: () => keepBusy(2_000, (socket) => slowBody(socket, [])),
  slowWithKey: () => keepBusy(2_000, (socket) => slowBody(socket, withKey)),
  chunks: () => chunks(50, []),
  chunksWrongKey: () => chunks(50, ['Authorization: Bearer wrong']),
  chunksWithKey: () => chunks(3, withKey),
  keys: () =>
    keepBusy(50, async (socket) => {
      const guess = `tk_${Math.random().toString(36).slice(2).padEnd(33, 'x')}`;
      socket.write(packetOf('GET /api/v1/endpoints', [`Authorization: Bearer ${guess}`]));
      counts.sent += 1;
      await Promise.race([answered(socket), sleep(1_000)]);
    }),
  expressions: () =>
    keepBusy(10, async (socket) => {
      socket.resume();
      const event = { policy: 'hostile', object: 'ab'.repeat(500), level: 'fatal' };
      const body = JSON.stringify(Array.from({ length: 500 }, () => event));
      const message = post([...withKey, `Content-Length: ${Buffer.byteLength(body)}`], body);
      while (goesOn() && !socket.destroyed) {
        const answer = answered(socket);
        socket.write(message);
        counts.sent += 500;
        await Promise.race([answer, sleep(Math.max(0, endsAt - performance.now()))]);
      }
    }),
};
const UNITS = {
  metrics: 'requests',
  expressions: 'events',
  keys: 'guesses',
  slow: 'bodies',
  slowAgain: 'bodies',
  slowWithKey: 'bodies',
};

await attacks[name]();
const unit = UNITS[name] ?? 'chunks';
console.log(`${counts.sent.toLocaleString('en')} ${unit}, ${counts.connections.toLocaleString('en')} connections`);
process.exit(0);
