import { Counter, type CounterConfiguration, type Registry } from 'prom-client';

/** Counts of the events of one request. */
export interface EventCounts {
  received: number;
  queued: number;
  suppressed: Readonly<Record<string, number>>;
  unrouted: number;
  duplicates: number;
  rejected: readonly unknown[];
  moreRejected?: number;
}

/** Counts events as this process took them in; the ledger of deliveries is the installation's. */
export function countEvents(registry: Registry): (counts: EventCounts) => void {
  const events = counterIn(registry, {
    name: 'tocsin_events_total',
    help: 'Events posted to this process, by result; queued and suppressed count once for each endpoint',
    labelNames: ['result'],
  });
  return ({ received, queued, suppressed, unrouted, duplicates, rejected, moreRejected }) => {
    events.inc({ result: 'received' }, received);
    events.inc({ result: 'queued' }, queued);
    events.inc(
      { result: 'suppressed' },
      Object.values(suppressed).reduce((sum, count) => sum + count, 0),
    );
    events.inc({ result: 'unrouted' }, unrouted);
    events.inc({ result: 'duplicate' }, duplicates);
    events.inc({ result: 'rejected' }, rejected.length + (moreRejected ?? 0));
  };
}

/** Counts requests with events that were refused as a whole, by the HTTP status that stands for the reason. */
export function countRefusals(registry: Registry): (status: number) => void {
  const refused = counterIn(registry, {
    name: 'tocsin_requests_refused_total',
    help: 'Requests with events that this process refused: 429 over a quota, 503 without room, Redis or settings',
    labelNames: ['status'],
  });
  return (status) => refused.inc({ status: String(status) });
}

/** Counts events for which entries of policies were not evaluated, by the team of the policies. */
export function countOverruns(registry: Registry): (team: string) => void {
  const overruns = counterIn(registry, {
    name: 'tocsin_policy_overruns_total',
    help: 'Events for which this process did not evaluate some policies: over the budget of matching work, or not usable',
    labelNames: ['team'],
  });
  return (team) => overruns.inc({ team });
}

/** Counts requests with a wrong key, by the HTTP status of their answer. */
export function countWrongKeys(registry: Registry): (status: number) => void {
  const wrong = counterIn(registry, {
    name: 'tocsin_wrong_keys_total',
    help: 'Requests with a wrong API key to this process: 401, or 429 from an address that sends many',
    labelNames: ['status'],
  });
  return (status) => wrong.inc({ status: String(status) });
}

/** A process may serve more than one API with the same registry; they count together. */
function counterIn<L extends string>(registry: Registry, metric: CounterConfiguration<L>): Counter<L> {
  const known = registry.getSingleMetric(metric.name) as Counter<L> | undefined;
  return known ?? new Counter({ ...metric, registers: [registry] });
}
