import { shortenKey, shortHash, withHash } from './shorten.js';

export type Texts = Record<string, string>;

const POLICY_CHARS_MAX = 256;
const OBJECT_CHARS_MAX = 1_024;

/** Labels that name the replica that reported the alert; the alert is the same. */
const REPORTER_LABELS = new Set(['prometheus', 'prometheus_replica', 'replica']);
/** Labels that name the object of an alert; the first that it has counts. */
const NAMING_LABELS = ['instance', 'object', 'host', 'pod', 'node', 'job'];
/** The policy of alerts without a name, which Alertmanager accepts. */
const UNNAMED = 'unnamed';

export interface Identity {
  policy: string;
  object: string;
  objectName: string;
}

/**
 * Policy and object of an alert by its labels, none of which is empty: alerts with different labels are different
 * objects. An alert without any of the naming labels is its own object, named after its policy.
 */
export function identify(labels: Texts): Identity {
  const alertname = labels.alertname ?? UNNAMED;
  const naming = NAMING_LABELS.find((name) => Object.hasOwn(labels, name));
  const objectName = naming === undefined ? alertname : (labels[naming] as string);
  return {
    policy: shortenKey(alertname, POLICY_CHARS_MAX),
    object: withHash(objectName, shortHash(canonical(labels)), OBJECT_CHARS_MAX),
    objectName,
  };
}

/** The same text for the same set of labels: sorted by name, and quoted, so that no value can look like another pair. */
function canonical(labels: Texts): string {
  const pairs = Object.entries(labels).filter(([name]) => !REPORTER_LABELS.has(name));
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
