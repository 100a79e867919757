import type { SuiteFixtures } from '../../test/channel-suite.js';
import { ROUTING_KEY, startPagerduty } from './fake-provider.js';

export const fixtures: SuiteFixtures = {
  config: (baseUrl) => ({ routingKey: ROUTING_KEY, apiUrl: baseUrl }),
  refused: [
    { config: () => ({ routingKey: '' }), field: 'routingKey' },
    { config: () => ({ routingKey: 'two words' }), field: 'routingKey' },
    { config: () => ({ routingKey: ROUTING_KEY, apiUrl: 'events.pagerduty.com' }), field: 'apiUrl' },
  ],
  secretPaths: ['routingKey'],
  start: startPagerduty,
  outcomes: {
    delivered: { kind: 'delivered', code: '202' },
    partial: 'an event goes to one service',
    rejected: { kind: 'rejected', code: '400' },
    misconfigured: { kind: 'misconfigured', code: '400' },
    throttled: { kind: 'throttled', code: '429' },
    unavailable: { kind: 'unavailable', code: '500' },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
};
