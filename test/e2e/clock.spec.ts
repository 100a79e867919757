import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../support/index.js';
import { EventSender } from './event-sender.js';
import { ADMIN_KEY, Installation } from './installation.js';

const DAY_MS = 86_400_000;
const SHIFTABLE = { NODE_OPTIONS: `--import=${pathToFileURL(`${import.meta.dirname}/shift-clock.mjs`)}` };

let installation: Installation;
let receiver: Server;
/** Requests by path, refused ones included. */
const requests = new Map<string, number>();

/** Refuses the first two requests of each path. */
beforeAll(async () => {
  receiver = createServer((request, response) => {
    const path = request.url ?? '';
    const count = (requests.get(path) ?? 0) + 1;
    requests.set(path, count);
    request.resume().on('end', () => response.writeHead(count <= 2 ? 503 : 200).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  installation = await Installation.start({ env: SHIFTABLE });
}, 60_000);

afterAll(async () => {
  await installation.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

async function addEndpoint(name: string): Promise<string> {
  const { id } = await installation.call<{ id: string }>('POST', '/api/v1/endpoints', {
    name,
    channel: 'http',
    config: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/${name}` },
    pushPeriod: '0s',
    policies: [name],
  });
  return id;
}

/** The time of the last audit, as the metric exposes it. */
async function auditedAt(): Promise<string | undefined> {
  const response = await fetch(`${installation.apiUrls[0]}/metrics`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  return /^tocsin_ledger_audited_timestamp_seconds (\S+)$/m.exec(await response.text())?.[1];
}

it.each([
  ['forward', DAY_MS],
  ['back', -DAY_MS],
])(
  'when the clock is set %s by a day, back-offs end, and deliveries, the log and audits go on',
  async (name, shiftMs) => {
    const id = await addEndpoint(name);
    const sender = new EventSender(installation.apiUrls);
    const send = (object: string) =>
      sender.send(
        [{ id: `${name}-${object}`, policy: name, object, level: 'fatal', labels: {} }],
        AbortSignal.timeout(20_000),
      );
    await send('before');
    await waitFor(() => requests.get(`/${name}`) === 1, { timeoutMs: 10_000, what: 'the first attempt' });
    installation.shiftClocks(shiftMs);
    const audited = await auditedAt();
    await send('after');
    const delivered = async (): Promise<number> => {
      const path = `/api/v1/deliveries?status=delivered&endpoint=${id}`;
      return (await installation.call<{ items: unknown[] }>('GET', path)).items.length;
    };
    await waitFor(async () => (await delivered()) === 2, { timeoutMs: 40_000, what: 'both deliveries in the log' });
    await waitFor(async () => (await auditedAt()) !== audited, { timeoutMs: 20_000, what: 'another audit' });
    expect(await installation.drained(1_000)).toMatchObject({ imbalance: 0, pending: 0, dead: 0 });
    expect(requests.get(`/${name}`)).toBe(4);
  },
  90_000,
);
