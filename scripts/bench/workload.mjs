const KEYS = 100;
const REGIONS = ['north', 'south', 'east', 'west'];

/** An alert of ordinary size. Each system receives the same facts in its own format. */
export const alert = (policy, object, serial, sent) => ({
  policy,
  object,
  level: 'fatal',
  title: `CPU above 90 % on ${object}`,
  value: 90 + (serial % 100) / 10,
  unit: '%',
  labels: { service: `service-${serial % 20}`, region: REGIONS[serial % 4], ...(sent && { sent }) },
});

/** Events that repeat the state of a few alerts, so that the push period suppresses nearly all of them. */
export const repeats = (count, from = 0) =>
  Array.from({ length: count }, (_, i) => alert('repeat', `host-${(from + i) % KEYS}`, (from + i) % KEYS));

let serial = 0;
/** An event of a new object. */
export const newAlert = (sent) => alert('new', `n${serial++}`, serial, sent);
export const newAlerts = (count) => Array.from({ length: count }, () => newAlert());
