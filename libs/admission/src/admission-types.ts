import type { AdmittedEvent } from '#libs/mailbox';

/** Reasons for which an endpoint suppresses an event, as the API counts them. */
export const SUPPRESSIONS = ['period', 'frequency', 'level', 'silenced', 'disabled', 'recovery'] as const;
export type Suppression = (typeof SUPPRESSIONS)[number];

/** An event to admit. */
export interface IncomingEvent extends AdmittedEvent {
  /** Leaves out endpoints whose settings cannot be read, for events that no sender would repeat. */
  bestEffort?: boolean;
}

/** Result of one event at one endpoint. */
export interface EndpointResult {
  endpoint: string;
  endpointName: string;
  result: 'queued' | 'duplicate' | Suppression;
  /** Id of the push: the delivery's id if the endpoint has one target, else the prefix of its deliveries' ids. */
  deliveryId?: string;
}

export interface EventResult {
  id: string;
  result: 'taken' | 'duplicate' | 'unrouted';
  endpoints: EndpointResult[];
}
