import { hash } from 'node:crypto';

/** 84 bits of a hash: no two of a billion keys alike, and as long as fits the smallest piece of memory Redis takes. */
const shortHash = (...parts: string[]): string => hash('sha256', parts.join('\u0000'), 'base64url').slice(0, 14);

/** The key of a claim: one (team, policy, object). */
export const claimHash = (team: string, policy: string, object: string): string => shortHash(team, policy, object);

/** The key under which a team's event id is remembered. */
export const seenHash = (team: string, eventId: string): string => shortHash(team, eventId);
