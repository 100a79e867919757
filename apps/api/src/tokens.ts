/** What Nest hands out under each name; interfaces have none at run time. */
export const LOG = Symbol('Log');
export const REDIS = Symbol('Redis');
export const DATABASE = Symbol('Database');
export const SETTINGS = Symbol('SettingsSource');
export const CHANNELS = Symbol('Channels');
export const LANGUAGE = Symbol('Language');
export const DELIVERY_LOG = Symbol('DeliveryLog');
export const READINESS_CHECKS = Symbol('ReadinessChecks');
export const TURN_QUEUES = Symbol('TurnQueues');
export const REPLAYER = Symbol('Replayer');
export const CANCELLER = Symbol('Canceller');
export const METRICS_REGISTRY = Symbol('MetricsRegistry');

/** Something without which this process cannot do its work. */
export interface ReadinessCheck {
  readonly name: string;
  /** What is left undone without it is not enough to take the process out of service: it is told, and no more. */
  readonly optional?: boolean;
  /** Why it is missing; undefined where it is there. */
  check(): Promise<string | undefined>;
}
