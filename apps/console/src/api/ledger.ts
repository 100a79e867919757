import { ApiError } from './api-error.js';
import { session } from './session.js';

export interface Ledger {
  admitted: number;
  delivered: number;
  dead: number;
  cancelled: number;
  pending: number;
}

/** The ledger, summed over all series of its metrics. */
export async function readLedger(): Promise<Ledger> {
  const headers: HeadersInit = session.key() ? { authorization: `Bearer ${session.key()}` } : {};
  const response = await fetch('metrics', { headers, cache: 'no-store' });
  if (!response.ok) throw new ApiError(response.status, {});
  const lines = (await response.text()).split('\n');
  const sum = (metric: string, label = ''): number =>
    lines
      .filter((line) => line.startsWith(metric) && line.includes(label))
      .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  const state = (name: string): number => sum('tocsin_deliveries_total{', `state="${name}"`);
  return {
    admitted: state('admitted'),
    delivered: state('delivered'),
    dead: state('dead'),
    cancelled: state('cancelled'),
    pending: sum('tocsin_deliveries_pending'),
  };
}
