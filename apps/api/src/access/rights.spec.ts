import { expect, it } from 'vitest';
import { ROLES } from '#libs/security';
import { mayUse, type Right } from './rights.js';
import { oneTeam, teamScope } from './team-scope.js';

const principal = (role: (typeof ROLES)[number], team: string | null = 'ops') => ({ keyName: 'k', role, team });

it.each<[Right | undefined, string[]]>([
  ['read', ['platform-admin', 'team-admin', 'member', 'viewer']],
  ['operate', ['platform-admin', 'team-admin', 'member']],
  ['manage', ['platform-admin', 'team-admin']],
  ['ingest', ['platform-admin', 'team-admin', 'ingest']],
  [undefined, ['platform-admin']],
])('%s is for %j', (right, roles) => {
  expect(ROLES.filter((role) => mayUse(principal(role), right))).toEqual(roles);
});

it('keeps a key to its team, and lets a platform key choose', () => {
  expect(teamScope(principal('viewer'), undefined)).toBe('ops');
  expect(teamScope(principal('platform-admin', null), undefined)).toBeNull();
  expect(teamScope(principal('platform-admin', null), 'dev')).toBe('dev');
  expect(oneTeam(principal('platform-admin', null), undefined)).toBe('default');
  expect(oneTeam(principal('member'), 'ops')).toBe('ops');
  expect(() => oneTeam(principal('member'), 'dev')).toThrow('no such team');
});
