import { type EntityManager, Like, Not } from 'typeorm';
import { EndpointEntity } from '../entities/index.js';
import { NAME_CHARS_MAX } from '../policies/policy-settings.js';
import { SettingsConflict } from '../settings/settings-errors.js';

/** @throws SettingsConflict where another endpoint of the team has the name */
export async function requireFreeName(manager: EntityManager, team: string, name: string, ownId = ''): Promise<void> {
  if (!(await manager.existsBy(EndpointEntity, { team, name, id: Not(ownId) }))) return;
  throw new SettingsConflict(`the team ${team} already has an endpoint named ${JSON.stringify(name)}`);
}

/** `ops mail copy`, or `ops mail copy 2` and so on where there are copies already. */
export async function freeNameLike(manager: EntityManager, { team, name }: EndpointEntity): Promise<string> {
  const room = NAME_CHARS_MAX - ' copy 999999'.length;
  const base = `${name.slice(0, room).replace(/\p{Cs}$/u, '')} copy`;
  const escaped = base.replace(/[\\%_]/g, '\\$&');
  const alike = await manager.find(EndpointEntity, {
    where: { team, name: Like(`${escaped}%`) },
    select: { name: true },
  });
  const taken = new Set(alike.map((row) => row.name));
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) {
    if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
  }
}
