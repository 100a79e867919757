import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../test/mail-server.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { email } from './index.js';

let server: MailServer;
const testIo = createTestIo();
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(async () => {
  await testIo.close();
  await server.stop();
});

function sendTo(to: string) {
  const own = { host: server.host, port: server.port, security: 'none', from: 'alerts@example.org', to: [to] };
  const config = email.config.parse(own);
  return email.send(testMessage(email), { config, target: { id: 'list', label: '' } }, testIo.io());
}

it('recipients for whom a shared server hangs use a few of its connections, and others get their mail', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  server.onRecipient = (address) => (address.startsWith('slow') ? released : undefined);
  const hanging = Promise.all(
    Array.from({ length: 60 }, (_, i) => sendTo(i % 2 === 0 ? 'slow@example.org' : 'slow2@example.org')),
  );
  const others = await Promise.all(Array.from({ length: 40 }, () => sendTo('quick@example.org')));
  expect(others.map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, () => 'delivered'));
  expect(server.asked.filter((address) => address.startsWith('slow')).length).toBeLessThanOrEqual(6);
  release(undefined);
  expect((await hanging).every(({ kind }) => kind === 'delivered')).toBe(true);
});
