/** A field of INFO; undefined if this version does not show it. */
export function readField(info: string, name: string): string | undefined {
  // Every field follows a line: the title of its section, or another field.
  const at = info.indexOf(`\n${name}:`);
  if (at < 0) return undefined;
  const start = at + name.length + 2;
  const end = info.indexOf('\n', start);
  return info.slice(start, end < 0 ? undefined : end).trimEnd();
}

/** Memory limit in bytes; infinite without one, for comparisons only. */
export const limitOf = (info: string): number => Number(readField(info, 'maxmemory') ?? 0) || Number.POSITIVE_INFINITY;

/** Share of the memory limit in use; 0 without a limit. */
export const fullnessOf = (info: string): number => Number(readField(info, 'used_memory') ?? 0) / limitOf(info);

/** Memory in use, in bytes. */
export const usedMemoryOf = (info: string): number => Number(readField(info, 'used_memory') ?? 0);

/** The setting by which this Redis may lose data; undefined for a safe one. */
export function troubleOf(info: string, allowUnsafe: boolean): string | undefined {
  const policy = readField(info, 'maxmemory_policy');
  if (!allowUnsafe && policy !== undefined && policy !== 'noeviction') {
    return `Redis evicts data when it is full (maxmemory-policy is ${policy}, must be noeviction)`;
  }
  if (!allowUnsafe && readField(info, 'aof_enabled') === '0')
    return 'Redis has no append-only file (appendonly must be yes)';
  return undefined;
}
