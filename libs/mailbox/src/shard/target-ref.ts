import type { TargetHealth } from './words.js';

/** A target on its way through the scripts. */
export interface TargetRef {
  channel: string;
  /** `endpoint.target` */
  target: string;
}

/** The endpoint of a delivery as the log describes it. */
export interface EndpointInfo {
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
}

/** The endpoint as an argument; a mailbox remembers an endpoint whose settings are gone. */
export const infoArgument = (info: EndpointInfo | undefined): string => (info ? JSON.stringify(info) : '');

/** Settings of an endpoint by which deliveries are ended or folded on the way. */
export interface EndpointRules {
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  expireAfterMs: number;
  /** The endpoint that takes over dead deliveries; empty for none. */
  fallback: string;
  /** False: the endpoint is closed, and its deliveries are cancelled. */
  open: boolean;
  /** Above this number of ready deliveries they go out in digests; 0 or missing: never. */
  digestOver?: number;
}

/** How much may be in flight at a target. */
export interface Capacity {
  health: TargetHealth;
  inFlightMax: number;
}
