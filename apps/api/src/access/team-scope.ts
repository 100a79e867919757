import type { Principal } from '#libs/security';
import { Problem } from '../http/problem.js';

const DEFAULT_TEAM = 'default';

/** The team whose resources a caller requests; null for all, which needs a platform key. */
export function teamScope(principal: Principal, asked: string | undefined): string | null {
  requireOwnTeam(principal, asked);
  return asked ?? principal.team;
}

/** The team of a resource that a caller names or creates. */
export function oneTeam(principal: Principal, asked: string | undefined): string {
  requireOwnTeam(principal, asked);
  return asked ?? principal.team ?? DEFAULT_TEAM;
}

/** Other teams do not exist for a key of a team. */
function requireOwnTeam(principal: Principal, asked: string | undefined): void {
  if (principal.team === null || asked === undefined || asked === principal.team) return;
  throw new Problem(404, 'there is no such team');
}
