import type { Endpoint, Settings } from '#libs/contracts';
import { inspect, readLogLag, targetName } from '#libs/mailbox';
import type { TroubleFacts } from '#libs/own-alerts';
import { MARKS, type RedisClient } from '#libs/redis';

export interface FactsDeps {
  redis: RedisClient;
  /** The targets of an endpoint, with labels for people. */
  targetsOf(endpoint: Endpoint): readonly { id: string; label: string }[];
  /** Share of the memory limit of Redis in use. */
  fullness(): number;
  /** Reason why the append-only file of Redis or its disk takes no events. */
  fileTrouble?(): string | undefined;
  /** Overrides the clock of Redis, in epoch milliseconds. */
  now?: (() => number) | undefined;
}

/** Reads the facts that decide about Tocsin's own alerts. `at` is the clock of Redis, in epoch milliseconds. */
export async function readFacts(settings: Settings, deps: FactsDeps): Promise<TroubleFacts & { at: number }> {
  const { redis, targetsOf, fullness, fileTrouble, now } = deps;
  const watched = [...settings.endpoints.values()]
    .filter(({ enabled }) => enabled)
    .map((endpoint) => ({ endpoint, targets: targetsOf(endpoint) }));
  const names = watched.flatMap(({ endpoint, targets }) => targets.map(({ id }) => targetName(endpoint.id, id)));
  const [{ at, targets: views }, log] = await Promise.all([inspect(redis, names, now?.()), readLogLag(redis, now?.())]);
  const viewOf = new Map(views.map((view) => [view.name, view]));
  const endpoints = watched.map(({ endpoint, targets }) => ({
    endpoint: { ...endpoint, changedAt: Date.parse(endpoint.updatedAt) },
    targets: targets.flatMap(({ id, label }) => {
      const view = viewOf.get(targetName(endpoint.id, id));
      return view ? [{ ...view, label }] : [];
    }),
  }));
  return { at, redis: { fullness: fullness(), mark: MARKS.refuse }, disk: fileTrouble?.(), log, endpoints };
}
