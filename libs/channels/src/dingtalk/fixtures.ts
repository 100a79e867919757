import type { SendMode, SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeDingtalk } from './fake-provider.js';

const app = { appKey: 'dingabcdefghijklmnop', appSecret: 'app-secret-0123456789', chatIds: ['chat6a93bc1ee3b7d660'] };
const robot = (url: string, token = 'f3a1c9e07d5b48e2a6b0') => ({
  webhookUrl: `${url}/robot/send?access_token=${token}`,
  keywords: ['告警'],
  secret: 'SEC0123456789',
});

const OUTCOMES: SendMode['outcomes'] = {
  delivered: { kind: 'delivered', code: '0' },
  partial: 'each chat and each robot is a target of its own',
  rejected: { kind: 'rejected', code: '430104' },
  misconfigured: { kind: 'misconfigured', code: '400102' },
  throttled: { kind: 'throttled', code: '130101', retryAfterMs: 600_000 },
  unavailable: { kind: 'unavailable', code: '-1' },
  unknown: { kind: 'unknown', code: 'ABORTED' },
};

export const fixtures: SuiteFixtures = {
  config: (url) => ({ app, robots: [robot(url)], apiUrl: url }),
  refused: [
    { config: () => ({ apiUrl: 'https://gateway.example' }), field: 'app' },
    { config: () => ({ robots: [] }), field: 'app' },
    { config: (url) => ({ robots: [{ ...robot(url), webhookUrl: 'x' }] }), field: 'robots.0.webhookUrl' },
    { config: (url) => ({ robots: [robot(url), robot(`${url}/x`)] }), field: 'robots.1.webhookUrl' },
    { config: (url) => ({ robots: [{ ...robot(url), keywords: [''] }] }), field: 'robots.0.keywords.0' },
    {
      config: (url) => ({ robots: [{ ...robot(url), keywords: Array(11).fill('a') }] }),
      field: 'robots.0.keywords',
    },
    { config: (url) => ({ robots: [{ ...robot(url), secret: 'a b' }] }), field: 'robots.0.secret' },
    { config: () => ({ app: { ...app, chatIds: [] } }), field: 'app.chatIds' },
    { config: () => ({ app: { ...app, chatIds: ['a', 'a'] } }), field: 'app.chatIds.1' },
    { config: () => ({ app: { ...app, appKey: '' } }), field: 'app.appKey' },
    { config: () => ({ app, apiUrl: 'ftp://gateway' }), field: 'apiUrl' },
  ],
  secretPaths: ['app.appSecret', 'robots[].secret', 'robots[].webhookUrl'],
  start: (now) => startFakeDingtalk({ now }),
  outcomes: OUTCOMES,
  otherModes: { 'by robots alone': { start: startRobots, outcomes: OUTCOMES } },
};

async function startRobots(now?: () => number) {
  const fake = await startFakeDingtalk({ now });
  return { ...fake, config: { robots: fake.config.robots } };
}
