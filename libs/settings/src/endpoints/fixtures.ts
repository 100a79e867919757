import type { ResourceFixtures } from '../../test/resource-fixtures.js';

export const fixtures: ResourceFixtures = {
  body: (n) => ({
    name: `endpoint ${n}`,
    channel: 'http',
    config: { url: 'https://example.com/hook', headers: { authorization: 'Bearer hunter22' } },
  }),
  changes: async ({ other }) => ({
    enabled: false,
    levels: ['fatal', 'info'],
    pushPeriod: '5m',
    maxPushes: 3,
    pushOnEscalation: false,
    periodAcrossRecovery: true,
    rateLimit: { max: 7, per: '1m' },
    expireAfter: '2h',
    digestAfter: '0s',
    fallback: other,
    template: { title: '{{ title }}!' },
  }),
  secrets: ['hunter22'],
};
