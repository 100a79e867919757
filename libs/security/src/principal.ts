/** What a caller may do; `ingest` may post events and nothing else. */
export const ROLES = ['platform-admin', 'team-admin', 'member', 'viewer', 'ingest'] as const;
export type Role = (typeof ROLES)[number];

/** Who a request comes from, once its key is known to be right. */
export interface Principal {
  keyName: string;
  role: Role;
  /** The team the key belongs to; null for the whole platform. */
  team: string | null;
}
