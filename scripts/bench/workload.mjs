const KEYS = 100;
const REGIONS = ['north', 'south', 'east', 'west'];

/** An alert of ordinary size. The same facts go to every system, in the form it takes. */
export const alert = (policy, object, serial, sent) => ({
  policy,
  object,
  level: 'fatal',
  title: `CPU above 90 % on ${object}`,
  value: 90 + (serial % 100) / 10,
  unit: '%',
  labels: { service: `service-${serial % 20}`, region: REGIONS[serial % 4], ...(sent && { sent }) },
});

/** Events that repeat earlier ones, over few keys. */
export const repeats = (count, from = 0) =>
  Array.from({ length: count }, (_, i) => alert('repeat', `host-${(from + i) % KEYS}`, (from + i) % KEYS));

let serial = 0;
/** An event of an object that was never seen before. */
export const newAlert = (sent) => alert('new', `n${serial++}`, serial, sent);
export const newAlerts = (count) => Array.from({ length: count }, () => newAlert());
