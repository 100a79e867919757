import type { SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeProvider } from './fake-provider.js';

const to = ['ops@example.org'];
const from = 'alerts@example.org';
const host = 'mail.example.org';

export const fixtures: SuiteFixtures = {
  config: (baseUrl) => ({
    from: 'Alerts <alerts@example.org>',
    to: ['Ops <ops@example.org>', 'night@example.org'],
    cc: ['boss@example.org'],
    host: new URL(baseUrl).hostname,
    port: Number(new URL(baseUrl).port),
    security: 'starttls',
    username: 'alerts',
    password: 'hunter22',
  }),
  refused: [
    { config: () => ({ from }), field: 'to' },
    { config: () => ({ from, to: [] }), field: 'to' },
    { config: () => ({ from, to: 'ops@example.org' }), field: 'to' },
    { config: () => ({ from, to: ['nobody'] }), field: 'to.0' },
    { config: () => ({ from, to: ['a@example.org\r\nRCPT TO:<b@example.org>'] }), field: 'to.0' },
    { config: () => ({ from, to: Array.from({ length: 101 }, (_, i) => `o${i}@example.org`) }), field: 'to' },
    { config: () => ({ from, to, cc: Array.from({ length: 100 }, (_, i) => `o${i}@example.org`) }), field: 'to' },
    { config: () => ({ from, to, cc: ['a@'] }), field: 'cc.0' },
    { config: () => ({ from: 'Evil\r\nBcc: b@example.org <a@example.org>', to }), field: 'from' },
    { config: () => ({ from, to, host: 'mail.example.org:587' }), field: 'host' },
    { config: () => ({ from, to, host: 'smtp://mail.example.org' }), field: 'host' },
    { config: () => ({ from, to, host, port: 0 }), field: 'port' },
    { config: () => ({ from, to, host, port: 65_536 }), field: 'port' },
    { config: () => ({ from, to, host, security: 'opportunistic' }), field: 'security' },
    { config: () => ({ from, to, host, username: 'u' }), field: 'password' },
    { config: () => ({ from, to, host, password: 'p' }), field: 'username' },
    { config: () => ({ from, to, host, username: 'u\r\n', password: 'p' }), field: 'username' },
    { config: () => ({ from, to, host, caCert: 'no certificate' }), field: 'caCert' },
    { config: () => ({ from, to, username: 'u', password: 'p' }), field: 'username' },
    { config: () => ({ from, to, port: 25 }), field: 'port' },
  ],
  secretPaths: ['password'],
  start: startFakeProvider,
  outcomes: {
    delivered: { kind: 'delivered', code: '250' },
    partial: { kind: 'delivered', partial: ['night@example.org'] },
    rejected: { kind: 'rejected', code: '550' },
    misconfigured: { kind: 'misconfigured', code: '550' },
    throttled: 'a mail server that asks to wait says so by a 4xx reply, as it does of every other trouble that passes',
    unavailable: { kind: 'unavailable', code: '451' },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
};
