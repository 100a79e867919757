import { type Admitter, createAdmitter, type EventResult, type IncomingEvent } from '#libs/admission';
import type { Channel } from '#libs/channels';
import { type AlertEvent, type Endpoint, LEVELS, type Level, type Settings } from '#libs/contracts';
import {
  createMailboxes,
  type EndpointRules,
  type Mailboxes,
  outcomesKey,
  type RunningAttempt,
  type Settlement,
  shardOf,
  shardPrefix,
  type TakenDelivery,
  type TakeResult,
  type Wake,
} from '#libs/mailbox';
import { createRedis, type RedisClient } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A channel of which only the targets are used. */
export const channel = {
  type: 'http',
  targets: (config: Record<string, unknown>) => (config.targets as string[]).map((id) => ({ id, label: id })),
} as unknown as Channel;
const channelOf = () => channel;

export function endpoint(over: Partial<Endpoint> & { targets?: string[] } = {}): Endpoint {
  const { targets = ['t'], ...rest } = over;
  return {
    id: 'e1',
    name: 'endpoint one',
    team: 'default',
    channel: 'http',
    enabled: true,
    config: { targets },
    levels: LEVELS,
    pushPeriodMs: 12 * HOUR,
    maxPushes: 0,
    pushOnEscalation: true,
    periodAcrossRecovery: false,
    rateLimit: null,
    digestAfterMs: 0,
    expireAfterMs: DAY,
    template: {},
    fallback: null,
    updatedAt: '2026-01-01T00:00:00Z',
    ...rest,
  };
}

/** Admission and mailboxes on a real Redis, with a clock that only the test advances, and no worker. */
export class Gate {
  now = Date.parse('2026-01-01T00:00:00Z');
  settings: Settings;
  /** Number of ready deliveries above which a turn takes a digest; 0: never. */
  digestOver = 0;
  readonly redis: RedisClient;
  readonly mailboxes: Mailboxes;
  private lastOutcome = '-';
  private event = 0;
  private readonly turns = new Map<string, number>();
  readonly admitters: Admitter[];

  constructor(database: number, endpoints: Endpoint[] = [endpoint()], processes = 1) {
    this.redis = createRedis({ kind: 'single', url: sharedRedisUrl(database) }, 'work');
    this.mailboxes = createMailboxes(this.redis, { now: () => this.now, random: () => 0.5 });
    this.settings = settingsOf(endpoints, 1);
    this.admitters = Array.from({ length: processes }, () =>
      createAdmitter({
        redis: createRedis({ kind: 'single', url: sharedRedisUrl(database) }, 'work'),
        channelOf,
        wake: async (wakes) => this.woken(wakes),
        newerSettings: async () => this.settings,
        now: () => this.now,
      }),
    );
  }

  set endpoints(endpoints: Endpoint[]) {
    this.settings = settingsOf(endpoints, this.settings.version + 1);
  }

  async flush(): Promise<void> {
    await this.redis.flushdb();
    this.turns.clear();
    this.lastOutcome = '-';
    this.digestOver = 0;
  }

  /** Sets the health of a target as after a quick success: most deliveries in flight. */
  async prove(target = 't', endpointId = 'e1'): Promise<void> {
    await this.redis.hset(`${shardPrefix(shardOf(endpointId))}box:${endpointId}.${target}:health`, 'good', 1);
  }

  /** Deliveries cancelled since the last call, in order. */
  async cancelled(endpointId = 'e1'): Promise<{ id: string; reason: string }[]> {
    const outcomes = await this.outcomes(endpointId);
    return outcomes
      .filter(({ status }) => status === 'cancelled')
      .map(({ id, reason }) => ({ id: id ?? '', reason: reason ?? '' }));
  }

  /** Entries of the outcome stream since the last call, in order. */
  async outcomes(endpointId = 'e1'): Promise<Record<string, string | undefined>[]> {
    const entries = await this.redis.xrange(outcomesKey(shardOf(endpointId)), this.lastOutcome, '+');
    this.lastOutcome = `(${entries.at(-1)?.[0] ?? this.lastOutcome.replace('(', '')}`.replace('(-', '-');
    return entries.map(([, flat]) =>
      Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string]] : []))),
    );
  }

  incoming(level: Level, over: Partial<AlertEvent> = {}): IncomingEvent {
    const event = { id: `ev${this.event++}`, policy: 'p', object: 'o', level, ...over };
    return { event, json: JSON.stringify(event), ownId: over.id !== undefined };
  }

  async admit(events: IncomingEvent[], process = 0): Promise<EventResult[]> {
    return (this.admitters[process] as Admitter).admit(events, null, () => this.settings);
  }

  /** Admits one event; returns its result at its only endpoint. */
  async post(level: Level, over: Partial<AlertEvent> = {}): Promise<string> {
    const [result] = await this.admit([this.incoming(level, over)]);
    return result?.endpoints[0]?.result ?? result?.result ?? '';
  }

  /** Takes the ready deliveries of a target in a turn. */
  async take(target = 't', endpointId = 'e1', max = 50): Promise<TakenDelivery[]> {
    return (await this.taking(target, endpointId, max))?.deliveries ?? [];
  }

  async taking(target = 't', endpointId = 'e1', max = 50): Promise<TakeResult | undefined> {
    const ref = { channel: 'http', target: `${endpointId}.${target}` };
    const job = this.turns.get(ref.target);
    if (job === undefined) return undefined;
    const ask = { job, callId: `${Math.random()}`, max };
    const rules = this.rules(target, endpointId);
    const taking = await this.mailboxes.take(ref, ask, rules);
    const next = await this.mailboxes.endTurn(ref, job, { ...rules, seen: 'seen', settings: '' });
    if (next) this.turns.set(ref.target, next.job);
    else this.turns.delete(ref.target);
    return taking;
  }

  private rules(target: string, endpointId: string): EndpointRules {
    const known = this.settings.endpoints.get(endpointId);
    return {
      endpointInfo: { endpointId, endpointName: '', team: 'default', channel: 'http', target },
      pushPeriodMs: known?.pushPeriodMs ?? 12 * HOUR,
      expireAfterMs: known?.expireAfterMs ?? DAY,
      fallback: known?.fallback ?? '',
      open: true,
      digestOver: this.digestOver,
    };
  }

  async settle(
    deliveries: readonly Pick<TakenDelivery, 'id' | 'attempt' | 'behind'>[],
    verdict: Settlement['verdict'],
    over: Partial<Settlement> & { target?: string; endpointId?: string; pushPeriodMs?: number } = {},
  ) {
    const { target = 't', endpointId = 'e1', pushPeriodMs = 12 * HOUR, ...rest } = over;
    const ref = { channel: 'http', target: `${endpointId}.${target}` };
    const settled = await this.mailboxes.settle(
      ref,
      deliveries.map(({ id, attempt, behind = false }) => ({ id, attempt, behind, verdict, ...rest })),
      { ...this.rules(target, endpointId), pushPeriodMs },
    );
    this.woken(settled.wakes);
    return settled;
  }

  /** Renews in-flight leases; returns the ids of those that the attempts still have. */
  renew(attempts: readonly RunningAttempt[], target = 't', endpointId = 'e1'): Promise<string[]> {
    return this.mailboxes.renewLeases({ channel: 'http', target: `${endpointId}.${target}` }, attempts);
  }

  /** Takes all ready deliveries and settles them in the same way. */
  async run(verdict: Settlement['verdict'], over: Parameters<Gate['settle']>[2] = {}) {
    const taken = await this.take(over.target, over.endpointId);
    if (taken.length > 0) await this.settle(taken, verdict, over);
    return taken;
  }

  /** Cancels waiting deliveries of a target as an operator does. */
  async cancel(
    ids: readonly string[],
    target = 't',
    pushPeriodMs = 12 * HOUR,
    endpointId = 'e1',
  ): Promise<readonly string[]> {
    const rules = {
      endpointInfo: this.rules(target, endpointId).endpointInfo,
      pushPeriodMs,
      reason: 'by an operator' as const,
    };
    const { wakes, cancelled } = await this.mailboxes.cancel(
      { channel: 'http', target: `${endpointId}.${target}` },
      ids,
      rules,
    );
    this.woken(wakes);
    return cancelled;
  }

  async resume(target = 't', endpointId = 'e1'): Promise<void> {
    this.woken(await this.mailboxes.resume({ channel: 'http', target: `${endpointId}.${target}` }));
  }

  /** Runs the sweeper with a queue that reports every job as lost. */
  async sweep(): Promise<void> {
    const { wakes, maybeLost } = await this.mailboxes.overdueTurns(['http']);
    this.woken(wakes);
    for (const turn of maybeLost) this.woken(await this.mailboxes.revive(turn, turn.job));
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }

  woken(wakes: readonly Wake[]): void {
    for (const wake of wakes) this.turns.set(wake.target, wake.job);
  }
}

function settingsOf(endpoints: Endpoint[], version: number): Settings {
  return {
    version,
    endpoints: new Map(endpoints.map((e) => [e.id, e])),
    policies: [
      { key: '*', name: '*', team: 'default', endpointIds: endpoints.map((e) => e.id), match: null, enabled: true },
    ],
    formerLinks: [],
  };
}
