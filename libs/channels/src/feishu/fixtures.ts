import type { SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeFeishu } from './fake-provider.js';

const robot = (url: string, id = '2b1c7e34-0000-4bc4-97a0-0ec2sifa5aaa') => ({
  webhookUrl: `${url}/open-apis/bot/v2/hook/${id}`,
  secret: 'robot-secret-0123456789',
});

export const fixtures: SuiteFixtures = {
  config: (url) => ({ robots: [robot(url)], apiUrl: url }),
  refused: [
    { config: () => ({ apiUrl: 'https://gateway.example' }), field: 'robots' },
    { config: () => ({ robots: [] }), field: 'robots' },
    { config: (url) => ({ robots: [{ ...robot(url), webhookUrl: 'http://' }] }), field: 'robots.0.webhookUrl' },
    { config: (url) => ({ robots: [robot(url), robot(`${url}/x`)] }), field: 'robots.1.webhookUrl' },
    { config: (url) => ({ robots: [{ ...robot(url), secret: '' }] }), field: 'robots.0.secret' },
    { config: (url) => ({ robots: [{ ...robot(url), keywords: ['a'] }] }), field: 'robots.0' },
    { config: (url) => ({ robots: [robot(url)], apiUrl: 'https://u@gateway' }), field: 'apiUrl' },
  ],
  secretPaths: ['robots[].secret', 'robots[].webhookUrl'],
  start: (now) => startFakeFeishu({ now }),
  outcomes: {
    delivered: { kind: 'delivered', code: '0' },
    partial: 'each robot is a target of its own',
    rejected: { kind: 'rejected', code: '9499' },
    misconfigured: { kind: 'misconfigured', code: '19022' },
    throttled: { kind: 'throttled', code: '99991400', retryAfterMs: 7_000 },
    unavailable: { kind: 'unavailable', code: '502' },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
};
