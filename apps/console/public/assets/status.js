import { ledger, readiness } from './api.js';
import { h, replace } from './dom.js';
import { number, t } from './words.js';

const STATES = ['admitted', 'delivered', 'pending', 'dead', 'cancelled'];

/** Whether the system is ready, for the top of the page, and the ledger with whether it closes. */
export function statusView() {
  const state = h('span', { class: 'pill', role: 'status' }, '…');
  const missing = h('div', {});
  const numbers = h('dl', { class: 'ledger' });
  const verdict = h('p', { class: 'verdict' });

  async function refresh() {
    const { ready, missing: lacks } = await readiness();
    state.className = `pill ${ready ? 'delivered' : 'dead'}`;
    state.textContent = t(ready ? 'ready' : 'notReady');
    replace(missing, !ready && h('p', { class: 'note bad', role: 'alert' }, t('missing', lacks.join(', '))));

    const counts = await ledger();
    replace(
      numbers,
      STATES.map((name) => h('div', { class: name }, h('dt', {}, t(name)), h('dd', {}, number(counts[name])))),
    );
    const { imbalance } = counts;
    verdict.className = `verdict ${imbalance ? 'bad' : ''}`;
    verdict.textContent =
      imbalance === undefined ? '' : imbalance === 0 ? t('balanced') : t('imbalance', number(imbalance));
  }

  return { state, element: h('section', { class: 'status' }, missing, numbers, verdict), refresh };
}
