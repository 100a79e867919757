import { expect, it } from 'vitest';
import { startPagerduty } from '../../../libs/channels/src/pagerduty/fake-provider.js';
import { startSlack } from '../../../libs/channels/src/slack/fake-provider.js';
import { startRedis, waitFor } from '../../support/index.js';
import { endpointOf, World } from './world.js';

/** The running delivery side, with one endpoint. */
async function withWorld(channel: string, config: Record<string, unknown>, run: (world: World) => Promise<void>) {
  const redis = await startRedis();
  const world = new World(redis.url, channel);
  try {
    world.settings.set([endpointOf(channel, config)]);
    await world.startWorker({}, [channel]);
    await run(world);
  } finally {
    await world.stop();
    await redis.stop();
  }
}

it('on Slack a recovery joins the thread of its alert in each channel; the next episode begins a new thread', async () => {
  const slack = await startSlack('token');
  await withWorld('slack', slack.config, async (world) => {
    await world.post([{ id: '1', level: 'error' }]);
    await waitFor(() => slack.posted.length === 2, { what: 'the alert in both channels' });
    await world.post([{ id: '2', level: 'recovered' }]);
    await waitFor(() => slack.posted.length === 4, { what: 'the recovery in both channels' });
    await world.post([{ id: '3', level: 'error' }]);
    await waitFor(() => slack.posted.length === 6, { what: 'the next alert in both channels' });
  });
  const firsts = slack.posted.slice(0, 2).map((message, index) => ({
    channel: message.channel?.startsWith('C') ? message.channel : 'C0FIRST01',
    thread_ts: `1763625600.00000${index + 1}`,
    reply_broadcast: true,
  }));
  const byThread = (one: { thread_ts?: string }): string => one.thread_ts ?? '';
  const replies = slack.posted.slice(2, 4).toSorted((a, b) => byThread(a).localeCompare(byThread(b)));
  expect(replies).toMatchObject(firsts);
  for (const message of slack.posted.slice(4)) expect(message).not.toHaveProperty('thread_ts');
  expect(slack.complaints).toEqual([]);
  await slack.close();
});

it('at PagerDuty a recovery resolves the incident of its alert, and the next episode opens it again', async () => {
  const pagerduty = await startPagerduty();
  await withWorld('pagerduty', pagerduty.config, async (world) => {
    await world.post([{ id: '1', level: 'error' }]);
    await waitFor(() => pagerduty.accepted.length === 1, { what: 'the alert' });
    expect(pagerduty.open.size).toBe(1);
    await world.post([{ id: '2', level: 'recovered' }]);
    await waitFor(() => pagerduty.accepted.length === 2, { what: 'the recovery' });
    expect(pagerduty.open.size).toBe(0);
    await world.post([{ id: '3', level: 'error' }]);
    await waitFor(() => pagerduty.accepted.length === 3, { what: 'the next alert' });
  });
  expect(pagerduty.open.size).toBe(1);
  expect(new Set(pagerduty.accepted.map((event) => event.dedup_key)).size).toBe(1);
  expect(pagerduty.complaints).toEqual([]);
  await pagerduty.close();
});
