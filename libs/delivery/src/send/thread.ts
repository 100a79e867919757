import { createHash } from 'node:crypto';
import type { AlertEvent, Endpoint } from '#libs/contracts';

/** Half of a SHA-256 in base64url: enough that no two episodes of an installation share one. */
const CHARS = 22;

/** Names what an endpoint is told of one episode; 0 is for what belongs to none. */
export function threadId(endpoint: Pick<Endpoint, 'id'>, { policy, object }: AlertEvent, episode: number): string {
  const name = JSON.stringify([endpoint.id, policy, object, episode]);
  return createHash('sha256').update(name).digest('base64url').slice(0, CHARS);
}
