import { AUTHORITY } from '../../../security/test/certificates.js';
import type { ChannelFixtures } from '../../test/channel-suite.js';

export const fixtures: ChannelFixtures = {
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
};
