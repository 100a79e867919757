import type { Principal } from '#libs/security';
import { Problem } from '../http/problem.js';

const DEFAULT_TEAM = 'default';

/** The team whose things a caller asks to see; null for all, which only a platform key may. */
export function teamScope(principal: Principal, asked: string | undefined): string | null {
  requireOwnTeam(principal, asked);
  return asked ?? principal.team;
}

/** The one team that a key or name is looked up in, or that something new belongs to. */
export function oneTeam(principal: Principal, asked: string | undefined): string {
  requireOwnTeam(principal, asked);
  return asked ?? principal.team ?? DEFAULT_TEAM;
}

/** Other teams do not exist for a key of a team. */
function requireOwnTeam(principal: Principal, asked: string | undefined): void {
  if (principal.team === null || asked === undefined || asked === principal.team) return;
  throw new Problem(404, 'there is no such team');
}
