import type { Principal, Role } from '#libs/security';

/**
 * read: see settings and deliveries. operate: test, silence, replay, cancel. manage: change settings.
 * ingest: post events.
 */
export type Right = 'read' | 'operate' | 'manage' | 'ingest';

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  'platform-admin': ['read', 'operate', 'manage', 'ingest'],
  'team-admin': ['read', 'operate', 'manage', 'ingest'],
  member: ['read', 'operate'],
  viewer: ['read'],
  ingest: ['ingest'],
};

/** A handler without a declared right is for platform administrators only. */
export function mayUse(principal: Principal, right: Right | undefined): boolean {
  return principal.role === 'platform-admin' || (right !== undefined && RIGHTS[principal.role].includes(right));
}
