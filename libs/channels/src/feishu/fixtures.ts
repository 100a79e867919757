import type { HttpFixtures } from '../../test/http-contract.js';

const robot = (url: string, id = '2b1c7e34-0000-4bc4-97a0-0ec2sifa5aaa') => ({
  webhookUrl: `${url}/open-apis/bot/v2/hook/${id}`,
  secret: 'robot-secret-0123456789',
});

export const fixtures = {
  config: (url: string) => ({ robots: [robot(url)], apiUrl: url }),
  refused: [
    { config: () => ({ apiUrl: 'https://gateway.example' }), field: 'robots' },
    { config: () => ({ robots: [] }), field: 'robots' },
    { config: (url: string) => ({ robots: [{ ...robot(url), webhookUrl: 'http://' }] }), field: 'robots.0.webhookUrl' },
    { config: (url: string) => ({ robots: [robot(url), robot(`${url}/x`)] }), field: 'robots.1.webhookUrl' },
    { config: (url: string) => ({ robots: [{ ...robot(url), secret: '' }] }), field: 'robots.0.secret' },
    { config: (url: string) => ({ robots: [{ ...robot(url), keywords: ['a'] }] }), field: 'robots.0' },
    { config: (url: string) => ({ robots: [robot(url)], apiUrl: 'https://u@gateway' }), field: 'apiUrl' },
  ],
  secretPaths: ['robots[].secret', 'robots[].webhookUrl'],
} satisfies Omit<HttpFixtures, 'answers'>;
