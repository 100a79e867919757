import type { AlertEvent } from './alert-event.js';

/** The policy of alerts about Tocsin itself. */
export const TOCSIN_POLICY = 'tocsin';

const ENDPOINT = 'endpoint:';

/** Object of alerts about an endpoint: its id, since its name may change during the episode. */
export const endpointObject = (endpointId: string): string => ENDPOINT + endpointId;

/**
 * Id of the endpoint that an alert about Tocsin itself concerns; undefined if it concerns something else. The alert is not
 * sent to this endpoint, which would fail to deliver it too.
 */
export function subjectEndpoint({ policy, object }: Pick<AlertEvent, 'policy' | 'object'>): string | undefined {
  return policy === TOCSIN_POLICY && object.startsWith(ENDPOINT) ? object.slice(ENDPOINT.length) : undefined;
}
