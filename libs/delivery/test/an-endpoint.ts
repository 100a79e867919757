import { type Endpoint, LEVELS } from '#libs/contracts';

/** An endpoint that pushes every event, for specs to change. */
export const anEndpoint = (over: Partial<Endpoint> = {}): Endpoint => ({
  id: 'e1',
  name: 'ops',
  team: 'default',
  channel: 'fake',
  enabled: true,
  config: {},
  levels: LEVELS,
  pushPeriodMs: 0,
  maxPushes: 0,
  pushOnEscalation: true,
  periodAcrossRecovery: false,
  rateLimit: null,
  expireAfterMs: 60_000,
  digestAfterMs: 0,
  template: {},
  fallback: null,
  updatedAt: '',
  ...over,
});
