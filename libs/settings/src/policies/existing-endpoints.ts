import { Any, type EntityManager } from 'typeorm';

/**
 * The ids among some that are endpoints, of a team if one is given. Endpoints are known here by the resource's name. The ids
 * are one array argument, since PostgreSQL takes at most 65,535 arguments.
 */
export async function existingEndpoints(
  manager: EntityManager,
  ids: readonly string[],
  team?: string,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.find<{ id: string; team: string }>('endpoints', {
    select: { id: true },
    where: { id: Any([...ids]), ...(team !== undefined && { team }) },
  });
  return new Set(rows.map(({ id }) => id));
}
