import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { recordOutcomes } from '#libs/delivery';
import { createMailboxes, type Mailboxes, type Settlement, shardOf, shardPrefix } from '#libs/mailbox';
import { waitFor } from '../../support/index.js';
import { type Api, openApi } from './open-api.js';

/** The API with its log, and deliveries that a test ends itself, without a worker. */
export class Desk {
  private serial = 0;

  private constructor(
    readonly api: Api,
    readonly redis: Redis,
    readonly mailboxes: Mailboxes,
  ) {}

  static async open(redisUrl: string): Promise<Desk> {
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    const api = await openApi({ redisUrl });
    await waitFor(async () => (await api.get('/readyz')).status === 200);
    return new Desk(api, redis, createMailboxes(redis));
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.api.close();
  }

  /** Creates an endpoint with a policy of the same name. */
  async endpoint(over: object = {}): Promise<{ id: string; policy: string }> {
    const policy = `policy-${this.serial++}`;
    const body = { name: policy, channel: 'http', config: { url: 'https://ops.example.com/' }, pushPeriod: '1h' };
    const made = await this.api.post('/api/v1/endpoints', { ...body, ...over });
    expect([made.status, made.text.slice(0, 200)]).toEqual([201, expect.anything()]);
    const team = (over as { team?: string }).team;
    const linked = { key: policy, name: policy, endpoints: [made.json.id], ...(team && { team }) };
    expect((await this.api.post('/api/v1/policies', linked)).status).toBe(201);
    return { id: made.json.id, policy };
  }

  /** Posts events of a policy; returns their deliveries. */
  async fire(policy: string, objects: readonly string[], level = 'fatal'): Promise<string[]> {
    const events = objects.map((object) => ({ policy, object, level, title: `title of ${object}` }));
    const { json } = await this.api.post('/api/v1/events?detail=true', events);
    expect(json).toMatchObject({ queued: objects.length });
    return json.results.map((result: { endpoints: { deliveryId: string }[] }) => result.endpoints[0]?.deliveryId);
  }

  private async ref(endpoint: string) {
    const prefix = shardPrefix(shardOf(endpoint));
    const members = await this.redis.zrange(`${prefix}turns`, 0, '-1');
    const member = members.find((name) => name.includes(`/${endpoint}.`)) ?? '';
    const target = member.slice(member.indexOf('/') + 1);
    const box = `${prefix}box:${target}`;
    await this.redis.hset(`${box}:health`, 'good', 1);
    return { ref: { channel: 'http', target }, job: Number(await this.redis.hget(`${box}:turn`, 'job')) };
  }

  private rules = {
    endpointInfo: undefined,
    pushPeriodMs: 3_600_000,
    expireAfterMs: 86_400_000,
    fallback: '',
    open: true,
  };

  /** Takes the ready deliveries in a turn, and leaves them in flight. */
  async take(endpoint: string, max = 50) {
    const { ref, job } = await this.ref(endpoint);
    const taking = await this.mailboxes.take(ref, { job, callId: `${Math.random()}`, max }, this.rules);
    return taking?.deliveries ?? [];
  }

  async settle(endpoint: string, taken: readonly { id: string; attempt: number }[], as: Partial<Settlement>) {
    const { ref, job } = await this.ref(endpoint);
    const how = { verdict: 'dead', delayMs: 60_000, failures: 1, ...as } as const;
    await this.mailboxes.settle(
      ref,
      taken.map(({ id, attempt }) => ({ id, attempt, ...how })),
      this.rules,
    );
    await this.mailboxes.endTurn(ref, job, { ...this.rules, seen: 'seen', settings: '' });
    await this.record();
  }

  /** Ends all ready deliveries of an endpoint in the same way. */
  async end(endpoint: string, verdict: Settlement['verdict'], reason?: string): Promise<string[]> {
    const taken = await this.take(endpoint);
    await this.settle(endpoint, taken, { verdict, ...(reason !== undefined && { reason }) });
    return taken.map(({ id }) => id);
  }

  /** Moves the waiting deliveries of an endpoint to another team. */
  async setTeam(endpoint: string, team: string): Promise<void> {
    const { ref } = await this.ref(endpoint);
    const key = `${shardPrefix(shardOf(endpoint))}box:${ref.target}:turn`;
    const about = JSON.parse((await this.redis.hget(key, 'about')) ?? '{}');
    await this.redis.hset(key, 'about', JSON.stringify({ ...about, team }));
  }

  async record(): Promise<void> {
    await recordOutcomes({ redis: this.redis, log: this.api.parts.deliveries, onUnstorable: () => {} });
  }

  async pending(): Promise<string[]> {
    const keys = await this.redis.keys('tocsin:*box:*:rec');
    return (await Promise.all(keys.map((key) => this.redis.hkeys(key)))).flat().sort();
  }
}
