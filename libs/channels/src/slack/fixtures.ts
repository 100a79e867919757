import type { SendMode, SuiteFixtures } from '../../test/channel-suite.js';
import type { Config } from '../kit/config/config-fields.js';
import { startSlack, TOKEN, WEBHOOK_PATH } from './fake-provider.js';

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `#c${index}`);
const byToken = (more: Config): Config => ({ token: TOKEN, channels: ['#ops'], ...more });
const webhook = (url: string): Config => ({ webhookUrl: url + WEBHOOK_PATH });

const PARTIAL = 'each channel is a target of its own';

const byWebhook: SendMode = {
  start: () => startSlack('webhook'),
  outcomes: {
    delivered: { kind: 'delivered', code: '200', excerpt: 'ok' },
    partial: PARTIAL,
    rejected: { kind: 'rejected', code: 'invalid_payload' },
    misconfigured: { kind: 'misconfigured', code: 'no_service' },
    throttled: { kind: 'throttled', code: 'rate_limited', retryAfterMs: 30_000 },
    unavailable: { kind: 'unavailable', code: 'rollup_error' },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
};

export const fixtures: SuiteFixtures = {
  config: (baseUrl) => ({ token: TOKEN, channels: ['#ops', 'C0123456789'], apiUrl: `${baseUrl}/api` }),
  otherConfigs: (baseUrl) => [{ ...webhook(baseUrl), channel: '#ops' }],
  refused: [
    { config: () => ({}), field: 'webhookUrl' },
    { config: () => ({ channels: ['#ops'] }), field: 'token' },
    { config: (url) => byToken(webhook(url)), field: 'token' },
    { config: () => ({ token: TOKEN }), field: 'channels' },
    { config: (url) => ({ ...webhook(url), channels: ['#ops'] }), field: 'channels' },
    { config: () => byToken({ channels: [] }), field: 'channels' },
    { config: () => byToken({ channels: named(21) }), field: 'channels' },
    { config: () => byToken({ channels: ['#ops', 'dev', 'ops'] }), field: 'channels.2' },
    { config: () => byToken({ channels: ['#ops, #dev'] }), field: 'channels.0' },
    { config: () => byToken({ channel: '#ops' }), field: 'channel' },
    { config: () => byToken({ token: 'xoxb-1\n2' }), field: 'token' },
    { config: () => byToken({ token: '' }), field: 'token' },
    { config: () => byToken({ apiUrl: 'ftp://slack.com/api' }), field: 'apiUrl' },
    { config: () => byToken({ apiUrl: 'https://me:secret@slack.com/api' }), field: 'apiUrl' },
    { config: () => ({ webhookUrl: 'hooks.slack.com/services/T/B/x' }), field: 'webhookUrl' },
  ],
  secretPaths: ['token', 'webhookUrl'],
  start: () => startSlack('token'),
  outcomes: {
    delivered: { kind: 'delivered', code: '200' },
    partial: PARTIAL,
    rejected: { kind: 'rejected', code: 'invalid_arguments' },
    misconfigured: { kind: 'misconfigured', code: 'invalid_auth' },
    throttled: { kind: 'throttled', code: 'ratelimited', retryAfterMs: 30_000 },
    unavailable: { kind: 'unavailable', code: 'internal_error' },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
  otherModes: { 'by webhook': byWebhook },
};
