import { AUTHORITY } from '../../../security/test/certificates.js';
import type { SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeProvider } from './fake-provider.js';

const NO_ANSWER = 'a syslog server sends no answers: it accepts a message, or the connection breaks';

const outcomes: SuiteFixtures['outcomes'] = {
  delivered: { kind: 'delivered' },
  partial: 'there is one receiver',
  rejected: NO_ANSWER,
  misconfigured: NO_ANSWER,
  throttled: NO_ANSWER,
  unavailable: NO_ANSWER,
  unknown: { kind: 'unknown', code: 'ECONNRESET' },
};

export const fixtures: SuiteFixtures = {
  config: () => ({ target: 'TLS://logs.example.com', format: 'rfc5424', facility: 'local0' }),
  refused: [
    { config: () => ({ target: '' }), field: 'target' },
    { config: () => ({ target: 'http://logs.example.com' }), field: 'target' },
    { config: () => ({ target: 'logs.example.com:0' }), field: 'target' },
    { config: () => ({ target: 'udp://logs.example.com:514', format: 'json' }), field: 'format' },
    { config: () => ({ target: 'udp://logs.example.com:514', facility: 'local8' }), field: 'facility' },
    { config: () => ({ target: 'tls://logs.example.com', caCert: 'no certificate' }), field: 'caCert' },
    { config: () => ({ target: 'udp://logs.example.com', caCert: AUTHORITY }), field: 'caCert' },
  ],
  secretPaths: [],
  start: () => startFakeProvider('tcp'),
  outcomes,
  otherModes: { 'over TLS': { start: () => startFakeProvider('tls'), outcomes } },
};
