import { z } from 'zod';
import { TARGET_STATES } from '#libs/mailbox';
import { ENDPOINT_EXAMPLE } from '#libs/settings/endpoints';
import { teamQuery } from '../http/paging.js';

export const statsQuery = z.strictObject({ team: teamQuery });
export type StatsQuery = z.output<typeof statsQuery>;

const count = z.int().min(0);
const time = z.iso.datetime().nullable();

const tally = z.object({ delivered: count, suppressed: count, retried: count, dead: count, cancelled: count }).meta({
  id: 'Tally',
  description:
    'deliveries by how they ended, attempts that are to be made again, and events suppressed (not those that the settings alone keep out: a disabled endpoint, or a level it does not take)',
});

const lately = {
  minute: tally.meta({ description: 'the last minute, and up to 10 seconds before it' }),
  hour: tally.meta({ description: 'the last hour, and up to 5 minutes before it' }),
  day: tally.meta({ description: 'the last day, and up to an hour before it' }),
};

const target = z
  .object({
    target: z.string(),
    targetId: z.string(),
    waiting: count.meta({ description: 'everything that is not being sent; of it:' }),
    ready: count.meta({ description: 'may be sent now' }),
    retrying: count.meta({ description: 'was tried, and waits for its next try' }),
    replaying: count.meta({ description: 'is sent again by hand, and waits for its turn' }),
    behind: count.meta({ description: 'is behind an unsettled delivery of the same policy and object' }),
    running: count.meta({ description: 'being sent right now' }),
    waitingSince: time.meta({
      description: 'when the oldest that waits was accepted; where many wait for their next try, about so',
    }),
    state: z.enum(TARGET_STATES).meta({
      description:
        'misconfigured: credential or address are refused. failing: failed again and again, tried by single probes. throttled: the provider asked to wait. retrying: the last sends failed, and are tried again. rate limited: the next send would exceed the rate limit. replaying: what is sent again goes at a bounded pace. queued: a worker will come. sending: one is there.',
    }),
    until: time.meta({ description: 'until when nothing is sent there, where that is known' }),
    failures: count.meta({ description: 'failures in a row' }),
    failingSince: time.meta({ description: 'the first of them' }),
    lastError: z.string().nullable().meta({ description: "the last of them, in the provider's own words" }),
  })
  .meta({ id: 'TargetStats' });

const endpoint = z
  .object({
    endpointId: z.string(),
    endpointName: z.string(),
    team: z.string(),
    channel: z.string(),
    enabled: z.boolean().meta({ description: 'false too where the endpoint is deleted, and something still waits' }),
    waiting: count,
    running: count,
    ...lately,
    targets: z.array(target).meta({ description: 'trouble first' }),
  })
  .meta({ id: 'EndpointStats' });

export const statsAnswer = z
  .object({
    at: z.iso.datetime(),
    channels: z
      .array(z.object({ channel: z.string(), waiting: count, running: count, ...lately }).meta({ id: 'ChannelStats' }))
      .meta({ description: 'sums over the endpoints below' }),
    endpoints: z.array(endpoint).meta({ description: 'trouble first' }),
  })
  .meta({ id: 'Stats' });

const none = { delivered: 0, suppressed: 0, retried: 0, dead: 0, cancelled: 0 };
const numbers = {
  waiting: 1_204,
  running: 1,
  minute: { ...none, suppressed: 14, retried: 1 },
  hour: { ...none, delivered: 310, suppressed: 812, retried: 17 },
  day: { ...none, delivered: 9_120, suppressed: 20_334, retried: 31, dead: 2 },
};

export const statsExample: z.input<typeof statsAnswer> = {
  at: '2026-11-20T08:00:00.000Z',
  channels: [{ channel: ENDPOINT_EXAMPLE.channel, ...numbers }],
  endpoints: [
    {
      endpointId: '0f6c1c2e-8f1b-4a52-9d0c-6f3d5b7a9e10',
      endpointName: 'ops receiver',
      team: 'default',
      channel: ENDPOINT_EXAMPLE.channel,
      enabled: true,
      ...numbers,
      targets: [
        {
          target: 'https://ops.example.com',
          targetId: 'url',
          waiting: 1_204,
          ready: 1_180,
          retrying: 5,
          replaying: 0,
          behind: 19,
          running: 1,
          waitingSince: '2026-11-20T07:41:12.000Z',
          state: 'failing',
          until: '2026-11-20T08:00:42.000Z',
          failures: 17,
          failingSince: '2026-11-20T07:41:13.000Z',
          lastError: 'connect ECONNREFUSED',
        },
      ],
    },
  ],
};
