import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Channel, type Config, channels } from '#libs/channels';
import type { SuiteFixtures } from '../../../libs/channels/test/channel-suite.js';
import { createTestIo } from '../../../libs/channels/test/test-io.js';
import { testMessage } from '../../../libs/channels/test/test-message.js';
import { waitFor } from '../../support/index.js';

/** The ranges that are denied outside standalone mode. */
const LOOPBACK = ['127.0.0.0/8', '::1/128', '0.0.0.0/8', '::/128'];
/** Names and addresses of this host that settings may contain. */
const HOSTS = ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0.0.0.0', '127.1'];

const all = import.meta.glob<{ fixtures: SuiteFixtures }>('../../../libs/channels/src/*/fixtures.ts', { eager: true });
const fixturesOf = new Map(Object.entries(all).map(([path, { fixtures }]) => [path.split('/').at(-2), fixtures]));

/** Counts TCP connections and datagrams at a port, in IPv4 and IPv6. */
const seen: (number | string)[] = [];
const PROBE = 'the test itself';
const tcp = createServer((socket) => {
  seen.push(socket.remotePort ?? 0);
  socket.destroy();
});
const udp = createSocket({ type: 'udp6' }, (text) => seen.push(text.toString()));
let port: number;

beforeAll(async () => {
  tcp.listen(0, '::');
  await once(tcp, 'listening');
  ({ port } = tcp.address() as { port: number });
  udp.bind(port, '::');
  await once(udp, 'listening');
});
afterEach(() => {
  seen.length = 0;
});
afterAll(() => {
  tcp.close();
  udp.close();
});

/** The counts so far. A probe is sent first, because everything sent before it arrives before it. */
async function seenByNow(): Promise<(number | string)[]> {
  const probe = createConnection(port, '127.0.0.1').on('error', () => {});
  await once(probe, 'connect');
  const { localPort = 0 } = probe;
  udp.send(PROBE, port, '::1');
  await waitFor(() => seen.includes(PROBE) && seen.includes(localPort));
  probe.destroy();
  return seen.filter((one) => one !== PROBE && one !== localPort);
}

/** Settings for a fake provider, changed to the address of the listener. */
function ledHere(value: unknown, host: string, key = ''): unknown {
  if (typeof value === 'string') {
    const address = value.replace(/\b(127\.0\.0\.1|localhost):\d+/g, `${host}:${port}`);
    return /^(127\.0\.0\.1|localhost)$/.test(address) ? host.replace(/[[\]]/g, '') : address;
  }
  if (typeof value === 'number' && key === 'port') return port;
  if (Array.isArray(value)) return value.map((one) => ledHere(one, host));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, ledHere(field, host, name)]));
}

/** The outcome of a message to the first target. */
async function outcome(channel: Channel, settings: unknown, deny: readonly string[]) {
  const testIo = createTestIo({ deny: [...deny] });
  const config = channel.config.parse(settings) as Config;
  const [target] = channel.targets(config);
  if (!target) throw new Error(`${channel.type} has no target`);
  const stop = AbortSignal.timeout(5_000);
  const said = await channel.send(testMessage(channel), { config, target }, testIo.io(stop));
  await testIo.close();
  return said;
}

/** The settings, and the same over UDP if the channel supports it. */
const transportsOf = (settings: unknown): unknown[] =>
  JSON.stringify(settings).includes('tcp://')
    ? [settings, JSON.parse(JSON.stringify(settings).replaceAll('tcp://', 'udp://'))]
    : [settings];

describe.each(channels.map((channel) => [channel.type, channel] as const))('%s', (type, channel) => {
  let leading: unknown[];
  beforeAll(async () => {
    const fixtures = fixturesOf.get(type);
    if (!fixtures) throw new Error(`${type} has no fixtures`);
    leading = [];
    for (const mode of [fixtures, ...Object.values(fixtures.otherModes ?? {})]) {
      const provider = await mode.start();
      leading.push(...transportsOf(provider.config));
      await provider.close();
    }
  });

  it('reaches the listener if nothing is denied, which shows that the listener works', async () => {
    for (const settings of leading) {
      await outcome(channel, ledHere(settings, '127.0.0.1'), []);
      await waitFor(() => seen.length > 0);
      seen.length = 0;
    }
  });

  it.each(HOSTS)('opens no connection and sends no datagram to %s if loopback is denied', async (host) => {
    for (const settings of leading) {
      const config = ledHere(settings, host);
      if (!channel.config.safeParse(config).success) {
        expect(['127.0.0.1', 'localhost'], 'settings may refuse unusual notations only').not.toContain(host);
        continue;
      }
      const said = await outcome(channel, config, LOOPBACK);
      expect(said).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    }
    expect(await seenByNow()).toEqual([]);
  });
});
