import { shortenKey, shortHash, withHash } from './shorten.js';

export type Texts = Record<string, string>;

const POLICY_CHARS_MAX = 256;
const OBJECT_CHARS_MAX = 1_024;

/** Which of several like instances reported it: the alert is the same. */
const REPORTER_LABELS = new Set(['prometheus', 'prometheus_replica', 'replica']);
/** What an alert is about, by the first of these that it has. */
const NAMING_LABELS = ['instance', 'object', 'host', 'pod', 'node', 'job'];
/** Alertmanager takes alerts without a name; here they need a policy that can be linked. */
const UNNAMED = 'unnamed';

export interface Identity {
  policy: string;
  object: string;
  objectName: string;
}

/**
 * Policy and object of an alert by its labels, none of which is empty: alerts with different labels are different
 * objects. An alert without any of the naming labels is about itself and named for its policy.
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

/** One text for one set of labels: sorted by name, and quoted, so that no value can look like another pair. */
function canonical(labels: Texts): string {
  const pairs = Object.entries(labels).filter(([name]) => !REPORTER_LABELS.has(name));
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
