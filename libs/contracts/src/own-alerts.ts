import type { AlertEvent } from './alert-event.js';

/** The policy of alerts about Tocsin itself. */
export const TOCSIN_POLICY = 'tocsin';

const ENDPOINT = 'endpoint:';

/** The object of alerts about an endpoint: its id, since people rename endpoints while they fail. */
export const endpointObject = (endpointId: string): string => ENDPOINT + endpointId;

/**
 * The endpoint that an alert about Tocsin itself is about, by its id; undefined where it is about something else. It is
 * the one endpoint that the alert is not for: what cannot deliver does not deliver that either, and must fail no further.
 */
export function subjectEndpoint({ policy, object }: Pick<AlertEvent, 'policy' | 'object'>): string | undefined {
  return policy === TOCSIN_POLICY && object.startsWith(ENDPOINT) ? object.slice(ENDPOINT.length) : undefined;
}
