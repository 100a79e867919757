import { type EntityManager, In } from 'typeorm';

/** The ids among some that are endpoints, of a team if one is given. Endpoints are known here by the resource's name. */
export async function existingEndpoints(
  manager: EntityManager,
  ids: readonly string[],
  team?: string,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await manager.find<{ id: string; team: string }>('endpoints', {
    select: { id: true },
    where: { id: In([...ids]), ...(team !== undefined && { team }) },
  });
  return new Set(rows.map(({ id }) => id));
}
