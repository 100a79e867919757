import type { AlertEvent } from '#libs/contracts';

/** What suppressed an event at an endpoint, as the API counts it. */
export const SUPPRESSIONS = ['period', 'frequency', 'level', 'silenced', 'disabled', 'recovery'] as const;
export type Suppression = (typeof SUPPRESSIONS)[number];

/** An event as it came in: one without an id of its sender's cannot be recognised when it is sent again. */
export interface IncomingEvent {
  event: AlertEvent;
  /** The event as it is kept. */
  json: string;
  ownId: boolean;
  /** Nobody would send it again for the sake of an endpoint that cannot be read: such a one is left out. */
  bestEffort?: boolean;
}

/** What became of one event at one endpoint. */
export interface EndpointResult {
  endpoint: string;
  endpointName: string;
  result: 'queued' | 'duplicate' | Suppression;
  /** The push: its delivery's id where the endpoint has one target, else the beginning of its deliveries' ids. */
  deliveryId?: string;
}

export interface EventResult {
  id: string;
  result: 'taken' | 'duplicate' | 'unrouted';
  endpoints: EndpointResult[];
}
