import { ledger, readiness } from './api.js';
import { h, replace } from './dom.js';
import { number, t } from './words.js';

const STATES = ['admitted', 'delivered', 'pending', 'dead', 'cancelled'];

/** The readiness pill of the page header, and the ledger with its verdict. */
export function statusView() {
  const state = h('span', { class: 'pill', role: 'status' }, '…');
  const missing = h('div', {});
  const numbers = h('dl', { class: 'ledger' });
  const verdict = h('p', { class: 'verdict' });

  async function refresh() {
    const { ready, missing: lacks, degraded } = await readiness();
    state.className = `pill ${ready ? 'delivered' : 'dead'}`;
    state.textContent = t(ready ? 'ready' : 'notReady');
    const note = ready ? degraded.length > 0 && t('degraded', degraded.join(', ')) : t('missing', lacks.join(', '));
    // Replaced only when it changes: screen readers announce every replacement.
    if (missing.textContent !== (note || '')) {
      replace(missing, note && h('p', { class: `note ${ready ? 'warn' : 'bad'}`, role: 'alert' }, note));
    }

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
