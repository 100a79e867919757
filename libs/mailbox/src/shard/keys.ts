import { SHARDS } from '#libs/contracts';

/**
 * The catalogue of the Redis keys of a shard. Each begins with the shard's prefix; `<t>` is a target, `<k>` the key of one
 * policy and object. Stored data depends on the texts, so they never change; Lua reads them as `keys.<name>`.
 */
export const KEYS = {
  /** `ledger` hash: admitted, delivered, dead, cancelled, pending; histograms; serial numbers. */
  ledger: 'ledger',
  /** `turns` zset: channel/target → when its turn is overdue (epoch ms). */
  turns: 'turns',
  /** `outcomes` stream: what the recorder writes to the delivery log. */
  outcomes: 'outcomes',
  /** `handover` stream: dead deliveries on their way to fallback endpoints, and the results of those. */
  handovers: 'handover',
  /** `push:<push>` hash: open and good targets of a push with several; of those that ended badly, how. */
  push: 'push:',
  /** `seen:<endpoint>:<hash>` string: the push of an event id. */
  seen: 'seen:',
  /** `accepted:<push>` string: a fallback endpoint has taken over a delivery of this push. */
  accepted: 'accepted:',
  /** `handed:<push>` string: only the fallback endpoint can still deliver this push. */
  handedOver: 'handed:',
  /** `replays:<delivery>` string: the number of the newest replay. */
  replays: 'replays:',
  /** `claims:<endpoint>:<bucket>` hash: rest of the key → packed claim; see claim-store.lua. */
  claims: 'claims:',
  /** `claim:<endpoint>:<k>` string: a claim that is too large for its bucket. */
  claim: 'claim:',
  /** `stat:<endpoint>:<unit>:<slot>` hash: counts of one time slot. */
  stat: 'stat:',
  /** `receipt:<t>:<k>` string: `<episode> <receipt>` of the first message of an episode. */
  receipt: 'receipt:',
  /** `box:<t>` begins the keys of a mailbox, which end as follows. */
  mailbox: 'box:',

  /** hash: delivery id → packed record. */
  records: ':rec',
  /** list: ids that may be sent now. */
  ready: ':ready',
  /** zset: ids that wait for their next attempt → when. */
  due: ':due',
  /** zset: ids that waited when the settings changed, and are ready since. */
  resumed: ':roused',
  /** zset: ids of replays → when they may be sent; until then their keys are not busy. */
  later: ':later',
  /** `:later:<k>` list: replays of one key, in order. */
  laterOfKey: ':later:',
  /** zset: ids in flight → when their in-flight lease expires. */
  inFlight: ':fly',
  /** `:busy:<bucket>` hash: rest of the keys with an unsettled delivery, which no other of the key may pass. */
  busy: ':busy:',
  /** `:chain:<k>` list: ids of one key behind its unsettled delivery, in order. */
  chain: ':chain:',
  /** hash: episode → id of the recovery in a chain that ends it. */
  recoveries: ':ends',
  /** hash: the turn of the target; see turn.lua. */
  turn: ':turn',
  /** hash: the health of the target, see health.lua; it outlives the mailbox. */
  health: ':health',
} as const;

/** The result of the last audit, outside of the shards. */
export const AUDIT_KEY = 'tocsin:{audit}';

export { SHARDS };

/** The shard of an endpoint: FNV-1a of its id. Stored data depends on it, so it never changes. */
export function shardOf(endpointId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < endpointId.length; i++) {
    hash ^= endpointId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % SHARDS;
}

/** The beginning of every key of a shard, with its hash tag. */
export const shardPrefix = (shard: number): string => `tocsin:{s${String(shard).padStart(2, '0')}}:`;

/** The ledger of a shard; as the key of a script it also routes the call to the shard's node. */
export const ledgerKey = (shard: number): string => `${shardPrefix(shard)}${KEYS.ledger}`;

export const turnsKey = (shard: number): string => `${shardPrefix(shard)}${KEYS.turns}`;

export const outcomesKey = (shard: number): string => `${shardPrefix(shard)}${KEYS.outcomes}`;

export const handoversKey = (prefix: string): string => `${prefix}${KEYS.handovers}`;

export const turnKey = (target: string): string =>
  `${shardPrefix(shardOf(parseTargetName(target).endpointId))}${KEYS.mailbox}${target}${KEYS.turn}`;

export const seenKey = (endpointId: string, hash: string): string =>
  `${shardPrefix(shardOf(endpointId))}${KEYS.seen}${endpointId}:${hash}`;

export const handedOverKey = (endpointId: string, push: string): string =>
  `${shardPrefix(shardOf(endpointId))}${KEYS.handedOver}${push}`;

/** The name of a target inside its shard. */
export const targetName = (endpointId: string, targetId: string): string => `${endpointId}.${targetId}`;

/** @throws when the text is no target name */
export function parseTargetName(name: string): { endpointId: string; targetId: string } {
  const dot = name.indexOf('.');
  if (dot < 1) throw new Error(`not a target name: ${name}`);
  return { endpointId: name.slice(0, dot), targetId: name.slice(dot + 1) };
}
