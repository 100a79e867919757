import type { Channel } from '#libs/channels';
import { type Endpoint, type Language, type Settings, subjectEndpoint, TOCSIN_POLICY } from '#libs/contracts';
import { inspect, readLogLag, type TargetView, targetName } from '#libs/mailbox';
import { targetsOfEndpoint } from '#libs/operations';
import {
  type Ending,
  endpointTrouble,
  logTrouble,
  redisTrouble,
  type TargetFacts,
  type Trouble,
} from '#libs/own-alerts';
import { MARKS, type RedisClient } from '#libs/redis';

export interface ObserveParts {
  redis: RedisClient;
  channels: readonly Channel[];
  /** Share of Redis' memory limit in use. */
  fullness(): number;
  lang: Language;
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: (() => number) | undefined;
}

export interface Observation {
  /** Redis' clock, epoch milliseconds. */
  at: number;
  troubles: Trouble[];
}

/** Looks at everything that Tocsin tells about itself. */
export async function observe(settings: Settings, parts: ObserveParts): Promise<Observation> {
  const { redis, channels, fullness, lang, now } = parts;
  const watched = [...settings.endpoints.values()]
    .filter(({ enabled }) => enabled)
    .map((endpoint) => ({ endpoint, targets: targetsOfEndpoint(endpoint, channels) }));
  const names = watched.flatMap(({ endpoint, targets }) => targets.map(({ id }) => targetName(endpoint.id, id)));
  const [{ at, targets: views }, lag] = await Promise.all([inspect(redis, names, now?.()), readLogLag(redis, now?.())]);
  const viewOf = new Map(views.map((view) => [view.name, view]));
  const troubles = watched.map(({ endpoint, targets }) => {
    const facts = targets.flatMap(({ id, label }) => {
      const view = viewOf.get(targetName(endpoint.id, id));
      return view ? [factsOf(view, label)] : [];
    });
    return endpointTrouble({ ...endpoint, changedAt: Date.parse(endpoint.updatedAt) }, facts, lang);
  });
  const all = [redisTrouble(fullness(), MARKS.refuse, lang), logTrouble(lag, lang), ...troubles];
  return { at, troubles: all.filter((trouble) => trouble !== undefined) };
}

const factsOf = (view: TargetView, label: string): TargetFacts => ({ ...view, label });

/** Why something is in no trouble any more, as the settings tell. */
export function endingOf(object: string, endpoints: ReadonlyMap<string, Endpoint>): Ending {
  const id = subjectEndpoint({ policy: TOCSIN_POLICY, object });
  if (id === undefined) return 'well';
  const endpoint = endpoints.get(id);
  if (!endpoint) return 'deleted';
  return endpoint.enabled ? 'well' : 'disabled';
}
