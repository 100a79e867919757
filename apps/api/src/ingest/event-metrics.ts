import { Counter, type Registry } from 'prom-client';
import type { IntakeReport } from './intake-report.js';

/** Counts events as this process took them in; the ledger of deliveries is the installation's. */
export function countEvents(registry: Registry): (report: IntakeReport) => void {
  const events = new Counter({
    name: 'tocsin_events_total',
    help: 'Events posted to this process, by what became of them; queued and suppressed count once an endpoint',
    labelNames: ['result'],
    registers: [registry],
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
