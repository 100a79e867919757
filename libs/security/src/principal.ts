/** Roles of callers; `ingest` may post events and nothing else. */
export const ROLES = ['platform-admin', 'team-admin', 'member', 'viewer', 'ingest'] as const;
export type Role = (typeof ROLES)[number];

/** The authenticated caller of a request. */
export interface Principal {
  keyName: string;
  role: Role;
  /** Team of the key; null for a platform key. */
  team: string | null;
}
