import type { SendMode, SuiteFixtures } from '../../test/channel-suite.js';
import { startFakeWecom } from './fake-provider.js';

const app = { corpId: 'ww1234567890abcdef', agentId: 1_000_002, secret: 'app-secret-0123456789', toUser: ['zhangsan'] };
const robot = (url: string, key = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa') => ({
  webhookUrl: `${url}/cgi-bin/webhook/send?key=${key}`,
});

const OUTCOMES: Omit<SendMode['outcomes'], 'partial'> = {
  delivered: { kind: 'delivered', code: '0' },
  rejected: { kind: 'rejected', code: '40058' },
  misconfigured: { kind: 'misconfigured', code: '60020' },
  throttled: { kind: 'throttled', code: '45009', retryAfterMs: 60_000 },
  unavailable: { kind: 'unavailable', code: '-1' },
  unknown: { kind: 'unknown', code: 'ABORTED' },
};

export const fixtures: SuiteFixtures = {
  config: (url) => ({ app: { ...app, toParty: ['2'], toTag: [] }, robots: [robot(url)], apiUrl: url }),
  refused: [
    { config: () => ({ apiUrl: 'https://gateway.example' }), field: 'app' },
    { config: () => ({ robots: [] }), field: 'app' },
    { config: () => ({ robots: [{ webhookUrl: 'qyapi.weixin.qq.com' }] }), field: 'robots.0.webhookUrl' },
    { config: () => ({ robots: [{ webhookUrl: 'ftp://h/x' }] }), field: 'robots.0.webhookUrl' },
    { config: () => ({ robots: [{ webhookUrl: 'https://u:p@h/x' }] }), field: 'robots.0.webhookUrl' },
    { config: (url) => ({ robots: [robot(url), robot(`${url}/other`)] }), field: 'robots.1.webhookUrl' },
    { config: (url) => ({ robots: [{ ...robot(url), id: 'a b' }] }), field: 'robots.0.id' },
    {
      config: (url) => ({
        robots: [
          { ...robot(url), id: 'a' },
          { ...robot(url, 'k2'), id: 'a' },
        ],
      }),
      field: 'robots.1.id',
    },
    { config: () => ({ app: { ...app, toUser: [] } }), field: 'app.toUser' },
    { config: () => ({ app: { ...app, toUser: ['@all', 'a'] } }), field: 'app.toUser' },
    { config: () => ({ app: { ...app, toUser: ['a|b'] } }), field: 'app.toUser.0' },
    { config: () => ({ app: { ...app, toUser: Array(1_001).fill('a') } }), field: 'app.toUser' },
    { config: () => ({ app: { ...app, agentId: 'x' } }), field: 'app.agentId' },
    { config: () => ({ app: { ...app, corpId: '' } }), field: 'app.corpId' },
    { config: () => ({ app, apiUrl: 'gateway' }), field: 'apiUrl' },
    { config: () => ({ app, apiUrl: 'https://gateway/?a=b' }), field: 'apiUrl' },
  ],
  secretPaths: ['app.secret', 'robots[].webhookUrl'],
  start: startFakeWecom,
  outcomes: {
    ...OUTCOMES,
    partial: { kind: 'delivered', code: '0', partial: ['ghost', 'gone', 'department 7', 'guest'] },
  },
  otherModes: {
    'by robots alone': {
      start: startRobots,
      outcomes: { ...OUTCOMES, partial: 'a robot sends to a group as a whole' },
    },
  },
};

async function startRobots() {
  const fake = await startFakeWecom();
  return { ...fake, config: { robots: fake.config.robots } };
}
