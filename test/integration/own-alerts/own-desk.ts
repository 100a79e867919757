import type { Admitter } from '#libs/admission';
import type { AlertEvent, Endpoint, Policy, SettingsSource } from '#libs/contracts';
import { createOwnAlerts, Intake, takeOwnAlert } from '#libs/intake';
import type { RedisWatch } from '#libs/redis';
import { createLogger } from '#libs/telemetry';
import { channel, endpoint, Gate } from '../admission/harness.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const CHECK_EVERY = 5 * SECOND;

/** How an endpoint answers: takes messages, is not there, or refuses its credential. */
export type Behaviour = 'ok' | 'down' | 'refused';

/** A watch that reports no trouble, regardless of how full the tests make Redis. */
const CALM_WATCH = {
  trouble: () => undefined,
  announce: async () => () => {},
} as unknown as RedisWatch;

/**
 * The duty of own alerts over real mailboxes and admission, with a clock that only the test moves and endpoints that
 * answer as the test sets them.
 */
export class OwnDesk {
  readonly behaviour = new Map<string, Behaviour>();
  /** Deliveries that were accepted, with their endpoints. */
  readonly arrived: { endpoint: string; event: AlertEvent }[] = [];
  /** Own alerts that were taken in, by any of the processes. */
  readonly reported: AlertEvent[] = [];
  fullness = 0;
  /** The checks of several processes, which have only Redis in common. */
  checks: (() => Promise<void>)[] = [];

  constructor(readonly gate: Gate) {}

  /** Each endpoint gets the events of its policies; without policies, all events of its team. */
  async open(endpoints: readonly Endpoint[], policies?: readonly Policy[]): Promise<void> {
    await this.gate.flush();
    this.gate.endpoints = [...endpoints];
    if (policies) this.gate.settings = { ...this.gate.settings, policies };
    for (const { id } of endpoints) this.behaviour.set(id, 'ok');
    this.checks = [this.newProcess()];
  }

  /** A process without any state but that in Redis. */
  newProcess(): () => Promise<void> {
    const settings = { current: () => this.gate.settings } as SettingsSource;
    const { redis } = this.gate;
    const now = () => this.gate.now;
    const intake = new Intake({
      admitter: this.gate.admitters[0] as Admitter,
      redis,
      watch: CALM_WATCH,
      untilWritten: async () => {},
      quota: { count: async () => 0 },
      settings,
      now: () => new Date(now()),
      count: () => {},
      countRefused: () => {},
    });
    return createOwnAlerts({
      redis,
      settings,
      targetsOf: ({ config }) => channel.targets(config),
      fullness: () => this.fullness,
      take: async (event, team) => {
        await takeOwnAlert(intake, event, team);
        this.reported.push(event);
      },
      lang: 'en',
      now,
      log: createLogger('api', 'silent'),
    });
  }

  /** Lets time pass: workers attempt due deliveries, and the processes check. */
  async pass(ms: number, stepMs = CHECK_EVERY): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.gate.now += stepMs;
      for (const id of this.gate.settings.endpoints.keys()) await this.work(id);
      await Promise.all(this.checks.map((check) => check()));
    }
  }

  private async work(id: string): Promise<void> {
    const taken = await this.gate.take('t', id);
    const behaviour = this.behaviour.get(id) ?? 'ok';
    if (taken.length === 0) return;
    const { pushPeriodMs = 0 } = this.gate.settings.endpoints.get(id) ?? {};
    const about = { target: 't', endpointId: id, pushPeriodMs };
    const tried = (outcome: 'unavailable' | 'misconfigured' | 'delivered') => ({
      n: 1,
      startedAt: this.gate.now,
      durationMs: 1,
      outcome,
      ...(outcome !== 'delivered' && { code: outcome === 'misconfigured' ? '401' : '503', message: `words of ${id}` }),
    });
    if (behaviour === 'ok') {
      this.arrived.push(...taken.map(({ event }) => ({ endpoint: id, event: JSON.parse(event) as AlertEvent })));
      await this.gate.settle(taken, 'delivered', { ...about, tried: tried('delivered') });
    } else if (behaviour === 'refused') {
      await this.gate.settle(taken, 'dead', { ...about, tried: tried('misconfigured') });
    } else {
      await this.gate.settle(taken, 'again', {
        ...about,
        delayMs: CHECK_EVERY,
        failures: 1,
        tried: tried('unavailable'),
      });
    }
  }

  /** An alert of an external source, for every endpoint that takes it. */
  async alert(object: string, policy = 'p'): Promise<void> {
    await this.gate.post('fatal', { policy, object });
  }

  /** Tocsin's own alerts that reached an endpoint. */
  reached(id: string): string[] {
    return this.arrived
      .filter((one) => one.endpoint === id && one.event.policy === 'tocsin')
      .map(({ event }) => `${event.level} ${event.object}`);
  }

  get reportedLevels(): string[] {
    return this.reported.map(({ level, object }) => `${level} ${object}`);
  }
}

export const named = (id: string, over: Partial<Endpoint> = {}): Endpoint =>
  endpoint({ id, name: `name of ${id}`, ...over });

export const policy = (key: string, endpointIds: string[], over: Partial<Policy> = {}): Policy => ({
  key,
  name: key,
  team: 'default',
  endpointIds,
  match: null,
  enabled: true,
  ...over,
});
