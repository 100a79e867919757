import type { Endpoint } from '#libs/contracts';
import type { EndpointTest } from '#libs/operations';

/** What Nest hands out under each name; interfaces have none at run time. */
export const LOG = Symbol('Log');
export const REDIS = Symbol('Redis');
export const DATABASE = Symbol('Database');
export const SETTINGS = Symbol('SettingsSource');
export const CHANNELS = Symbol('Channels');
export const LANGUAGE = Symbol('Language');
export const ENDPOINT_STORE = Symbol('EndpointStore');
export const POLICY_STORE = Symbol('PolicyStore');
export const DELIVERY_LOG = Symbol('DeliveryLog');
export const ENDPOINT_TESTER = Symbol('EndpointTester');
export const READINESS_CHECKS = Symbol('ReadinessChecks');
export const TURN_QUEUES = Symbol('TurnQueues');
export const REPLAYER = Symbol('Replayer');
export const CANCELLER = Symbol('Canceller');
export const METRICS_REGISTRY = Symbol('MetricsRegistry');

/** Sends a test message the way that alerts go. */
export interface EndpointTester {
  test(endpoint: Endpoint): Promise<EndpointTest>;
}

/** Something without which this process cannot do its work. */
export interface ReadinessCheck {
  readonly name: string;
  /** What is left undone without it is not enough to take the process out of service: it is told, and no more. */
  readonly optional?: boolean;
  /** Why it is missing; undefined where it is there. */
  check(): Promise<string | undefined>;
}
