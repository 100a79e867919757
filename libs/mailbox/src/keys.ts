/** A shard is the unit of atomicity: everything of an endpoint lives under one hash tag. */
export const SHARDS = 64;

/** The shard of an endpoint: FNV-1a of its id. Stored data depends on it, so it never changes. */
export function shardOf(endpointId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < endpointId.length; i++) {
    hash ^= endpointId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % SHARDS;
}

/** What every key of a shard begins with. */
export const shardPrefix = (shard: number): string => `tocsin:{s${String(shard).padStart(2, '0')}}:`;

/** The key by which a call for a shard finds its node; also the shard's ledger. */
export const ledgerKey = (shard: number): string => `${shardPrefix(shard)}ledger`;

export const outcomesKey = (shard: number): string => `${shardPrefix(shard)}outcomes`;

/** The name of a target inside its shard. */
export const targetName = (endpointId: string, targetId: string): string => `${endpointId}.${targetId}`;

/** @throws when the text is no target name */
export function parseTargetName(name: string): { endpointId: string; targetId: string } {
  const dot = name.indexOf('.');
  if (dot < 1) throw new Error(`not a target: ${name}`);
  return { endpointId: name.slice(0, dot), targetId: name.slice(dot + 1) };
}
