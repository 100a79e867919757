import { type EntityManager, type EntitySchema, Like, type ObjectLiteral } from 'typeorm';
import { NAME_CHARS_MAX } from './fields/index.js';

/** A name for a copy that no resource of the team has: `ops mail copy`, then `ops mail copy 2`. */
export async function freeNameLike(
  manager: EntityManager,
  entity: EntitySchema<ObjectLiteral>,
  { team, name }: { team: string; name: string },
): Promise<string> {
  const room = NAME_CHARS_MAX - ' copy 999999'.length;
  const base = `${name.slice(0, room).replace(/\p{Cs}$/u, '')} copy`;
  const escaped = base.replace(/[\\%_]/g, '\\$&');
  const alike = await manager.find(entity, { where: { team, name: Like(`${escaped}%`) }, select: { name: true } });
  const taken = new Set(alike.map((row) => row.name));
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) {
    if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
  }
}
