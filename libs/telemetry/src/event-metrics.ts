import { Counter, type CounterConfiguration, type Registry } from 'prom-client';
import type { IntakeReport } from './intake-report.js';

const EVENTS = 'tocsin_events_total';
const REFUSED = 'tocsin_requests_refused_total';

/** Counts events as this process took them in; the ledger of deliveries is the installation's. */
export function countEvents(registry: Registry): (report: IntakeReport) => void {
  const events = counterIn(registry, {
    name: EVENTS,
    help: 'Events posted to this process, by what became of them; queued and suppressed count once an endpoint',
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

/** Counts requests with events that were refused as a whole. */
export function countRefusals(registry: Registry): (status: number) => void {
  const refused = counterIn(registry, {
    name: REFUSED,
    help: 'Requests with events that this process refused: 429 over a quota, 503 without room, Redis or settings',
    labelNames: ['status'],
  });
  return (status) => refused.inc({ status: String(status) });
}

/** A process may put more than one API over the same registry; they count together. */
function counterIn<L extends string>(registry: Registry, metric: CounterConfiguration<L>): Counter<L> {
  const known = registry.getSingleMetric(metric.name) as Counter<L> | undefined;
  return known ?? new Counter({ ...metric, registers: [registry] });
}
