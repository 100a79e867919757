import type { AdmittedEvent } from '#libs/mailbox';

/** What suppressed an event at an endpoint, as the API counts it. */
export const SUPPRESSIONS = ['period', 'frequency', 'level', 'silenced', 'disabled', 'recovery'] as const;
export type Suppression = (typeof SUPPRESSIONS)[number];

/** An event as it came in. */
export interface IncomingEvent extends AdmittedEvent {
  /** Leaves out endpoints whose settings cannot be read: nobody would send the event again for their sake. */
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
