import { describe, expect, it } from 'vitest';
import { type Channel, channelByType } from '#libs/channels';
import type { Endpoint, Settings } from '#libs/contracts';
import { anEndpoint } from '../../test/an-endpoint.js';
import { carriedWithin, gatherRateLimits, meterOfTarget } from './rate-limits.js';

const feishu = channelByType('feishu') as Channel;
const PER_MINUTE = { max: 90, perMs: 60_000 };
const PER_SECOND = { max: 5, perMs: 1_000 };

const robot = (over: Partial<Endpoint>): Endpoint =>
  anEndpoint({ channel: 'feishu', config: { robots: [{ webhookUrl: 'http://h/hook/one' }] }, ...over });

function limitsOf(...endpoints: Endpoint[]) {
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const settings: Settings = { version: 0, policies: [], formerLinks: [], endpoints: byId };
  const [target] = feishu.targets(robot({}).config);
  return gatherRateLimits(settings, channelByType).of(meterOfTarget(robot({}), target ?? { id: '' }));
}

describe('the limits of a credential', () => {
  it('are those of all enabled endpoints that use it, and the limit of the provider for a short window', () => {
    const other = robot({ id: 'e2', rateLimit: { max: 10, perMs: 60_000 } });
    const disabled = robot({ id: 'e3', rateLimit: { max: 1, perMs: 60_000 }, enabled: false });
    const limits = limitsOf(robot({ rateLimit: PER_MINUTE }), other, disabled);
    expect(limits).toEqual([PER_SECOND, other.rateLimit, PER_MINUTE]);
    expect(carriedWithin(limits, 60_000)).toBe(10);
  });

  it('are those of the endpoint alone if it allows more than the provider documents', () => {
    expect(limitsOf(robot({ rateLimit: { max: 100, perMs: 60_000 } }))).toHaveLength(2);
    expect(limitsOf(robot({ rateLimit: { max: 101, perMs: 60_000 } }))).toEqual([{ max: 101, perMs: 60_000 }]);
  });

  it('are none if no endpoint has one', () => {
    expect(limitsOf(robot({ rateLimit: null }))).toEqual([]);
  });
});
