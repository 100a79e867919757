import type { Language } from '#libs/contracts';
import { diskTrouble } from './disk-trouble.js';
import { type EndpointFacts, endpointTrouble, type TargetFacts } from './endpoint-trouble.js';
import { type LogBehind, logTrouble } from './log-trouble.js';
import { redisTrouble } from './redis-trouble.js';
import type { Trouble } from './trouble.js';

/** The state of Tocsin at one moment, as far as its own alerts are concerned. */
export interface TroubleFacts {
  /** Shares of the memory limit: in use, and from which no new events are taken in. */
  redis: { fullness: number; mark: number };
  /** Reason why the append-only file of Redis or its disk takes no events; undefined if it does. */
  disk?: string | undefined;
  log: LogBehind;
  /** Enabled endpoints with their targets. */
  endpoints: readonly { endpoint: EndpointFacts; targets: readonly TargetFacts[] }[];
}

/** Everything in Tocsin that is in trouble. */
export function findTroubles({ redis, disk, log, endpoints }: TroubleFacts, lang: Language): Trouble[] {
  const all = [
    redisTrouble(redis.fullness, redis.mark, lang),
    diskTrouble(disk, lang),
    logTrouble(log, lang),
    ...endpoints.map(({ endpoint, targets }) => endpointTrouble(endpoint, targets, lang)),
  ];
  return all.filter((trouble) => trouble !== undefined);
}
