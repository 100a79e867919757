import { askRepeatedly } from './open-loop.mjs';
import { quantile } from './quantile.mjs';
import { alert } from './workload.mjs';

const EVENTS_A_REQUEST = 10;
const REQUESTS_A_SECOND = 100;
const PROBES_A_SECOND = 20;

let serial = 0;
function nextRequest(system) {
  const events = Array.from({ length: EVENTS_A_REQUEST }, () => alert('repeat', `r${serial++ % 1_000}`, serial));
  return { method: 'POST', path: system.path, headers: system.headers, body: JSON.stringify(events) };
}

/**
 * An honest sender posts 1,000 events a second in requests of ten, and /healthz is asked 20 times a second on a new
 * connection each time. Latencies count from the planned time of a request.
 */
export async function honestClients(system, forMs) {
  const [posts, probes] = await Promise.all([
    askRepeatedly(system.port, () => nextRequest(system), { perSecond: REQUESTS_A_SECOND, forMs, connections: 20 }),
    askRepeatedly(system.port, () => ({ path: '/healthz' }), { perSecond: PROBES_A_SECOND, forMs, connections: 0 }),
  ]);
  const times = (answers) => answers.map(({ ms }) => ms);
  return {
    accepted: (posts.filter(({ ok }) => ok).length * EVENTS_A_REQUEST) / (forMs / 1_000),
    p99: quantile(times(posts), 0.99),
    healthP99: quantile(times(probes), 0.99),
    healthWorst: Math.max(...times(probes)),
    unhealthy: probes.filter(({ ok }) => !ok).length,
  };
}
