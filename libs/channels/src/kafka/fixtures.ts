import { AUTHORITY } from '../../../security/test/certificates.js';
import type { SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeProvider } from './fake-provider.js';

const brokers = ['kafka-1.example.com:9092'];
const topic = 'alerts';
const sasl = { mechanism: 'plain', username: 'alerts', password: 'hunter22' };

const outcomes: SuiteFixtures['outcomes'] = {
  delivered: { kind: 'delivered' },
  partial: 'a topic accepts a record as a whole or not at all',
  rejected: { kind: 'rejected', code: 'MESSAGE_TOO_LARGE' },
  misconfigured: { kind: 'misconfigured', code: 'SASL_AUTHENTICATION_FAILED' },
  throttled: 'a broker over its quota accepts the record and asks the client to delay the next one, which kafkajs does',
  unavailable: { kind: 'unavailable', code: 'NOT_LEADER_FOR_PARTITION' },
  unknown: { kind: 'unknown', code: 'ABORTED' },
};

export const fixtures: SuiteFixtures = {
  config: (baseUrl) => ({
    brokers: [new URL(baseUrl).host, '[2001:db8::1]:9093'],
    topic,
    key: '{{ policy }}/{{ object }}',
    sasl,
    tls: true,
    caCert: AUTHORITY,
  }),
  refused: [
    { config: () => ({ topic }), field: 'brokers' },
    { config: () => ({ brokers: [], topic }), field: 'brokers' },
    { config: () => ({ brokers: ' , ', topic }), field: 'brokers' },
    { config: () => ({ brokers: ['kafka-1.example.com'], topic }), field: 'brokers.0' },
    { config: () => ({ brokers: 'kafka-1:9092,kafka-2:0', topic }), field: 'brokers.1' },
    { config: () => ({ brokers: ['http://kafka-1:9092'], topic }), field: 'brokers.0' },
    { config: () => ({ brokers: Array.from({ length: 51 }, (_, i) => `k${i}:9092`), topic }), field: 'brokers' },
    { config: () => ({ brokers }), field: 'topic' },
    { config: () => ({ brokers, topic: '' }), field: 'topic' },
    { config: () => ({ brokers, topic: '..' }), field: 'topic' },
    { config: () => ({ brokers, topic: 'a/b' }), field: 'topic' },
    { config: () => ({ brokers, topic: 'a'.repeat(250) }), field: 'topic' },
    { config: () => ({ brokers, topic, key: 1 }), field: 'key' },
    { config: () => ({ brokers, topic, sasl: { ...sasl, mechanism: 'gssapi' } }), field: 'sasl.mechanism' },
    { config: () => ({ brokers, topic, sasl: { ...sasl, username: '' } }), field: 'sasl.username' },
    { config: () => ({ brokers, topic, sasl: { mechanism: 'plain', username: 'u' } }), field: 'sasl.password' },
    { config: () => ({ brokers, topic, sasl: { ...sasl, password: 'a\0b' } }), field: 'sasl.password' },
    { config: () => ({ brokers, topic, tls: 'yes' }), field: 'tls' },
    { config: () => ({ brokers, topic, caCert: AUTHORITY }), field: 'caCert' },
    { config: () => ({ brokers, topic, tls: true, caCert: 'no certificate' }), field: 'caCert' },
  ],
  secretPaths: ['sasl.password'],
  start: () => startFakeProvider({ tls: false }),
  outcomes,
  otherModes: { 'over TLS': { start: () => startFakeProvider({ tls: true }), outcomes } },
};
