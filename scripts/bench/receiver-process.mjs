// Answers every POST with 200 at once. It parses only as much HTTP as it needs, to leave CPU time to the senders.
import { createServer } from 'node:net';
import { messageLength } from './http-message.mjs';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');

let seen = new Set();
let expected = Number.POSITIVE_INFINITY;
let latencies = [];
let lastAt = 0n;
let deadline;

process.on('message', (message) => {
  seen = new Set();
  latencies = [];
  expected = message.expect;
  deadline = setTimeout(reportArrivals, message.withinMs);
});
process.on('disconnect', () => process.exit());

function reportArrivals() {
  clearTimeout(deadline);
  expected = Number.POSITIVE_INFINITY;
  process.send({ arrived: seen.size, lastAt: String(lastAt), latencies });
}

function arrive(body) {
  const object = /"object": ?"(n\d+)"/.exec(body)?.[1];
  if (object === undefined || seen.has(object)) return;
  lastAt = process.hrtime.bigint();
  seen.add(object);
  const sent = /"sent": ?"(\d+)"/.exec(body)?.[1];
  if (sent !== undefined) latencies.push(Number(lastAt - BigInt(sent)) / 1e6);
  if (seen.size === expected) reportArrivals();
}

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk;
    for (let length = messageLength(text); length > 0; length = messageLength(text)) {
      arrive(text.slice(0, length));
      text = text.slice(length);
      socket.write(ANSWER);
    }
  });
  socket.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
