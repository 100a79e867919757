import type { Principal } from '#libs/security';
import type { Actor } from '#libs/settings';

/** The author of the changes that a request makes. */
export const actorOf = ({ keyName: name, role, team }: Principal): Actor => ({ kind: 'key', name, role, team });
