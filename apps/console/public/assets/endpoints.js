import { call, get } from './api.js';
import { h, openDialog, replace } from './dom.js';
import { addEndpoint } from './endpoint-form.js';
import { facts, pill, problem, table } from './parts.js';
import { number, t } from './words.js';

/** The list of endpoints, with buttons to add, test and delete one. */
export function endpointsView(refreshSoon) {
  const list = h('div', {});
  const add = h('button', { type: 'button', class: 'primary', onclick: () => addEndpoint(refreshSoon) }, t('add'));
  let shown;

  async function refresh() {
    const { items } = await get('endpoints?limit=200');
    const now = JSON.stringify(items);
    if (now === shown) return;
    shown = now;
    const headings = [t('name'), t('channel'), t('team'), t('pushPeriod'), t('policies'), ''];
    replace(list, items.length > 0 ? table(headings, items.map(row)) : h('p', { class: 'empty' }, t('noEndpoints')));
  }

  function row(endpoint) {
    const button = (word, onclick) =>
      h(
        'button',
        { type: 'button', 'data-key': `${word}-${endpoint.id}`, 'aria-label': `${t(word)}: ${endpoint.name}`, onclick },
        t(word),
      );
    const ask = () => test(endpoint);
    const take = () => remove(endpoint, refreshSoon);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, endpoint.name, endpoint.enabled ? '' : [' ', pill('disabled')]),
      h('td', {}, endpoint.channel),
      h('td', {}, endpoint.team),
      h('td', {}, endpoint.pushPeriod),
      h('td', {}, number(endpoint.policyCount)),
      h('td', {}, h('div', { class: 'actions' }, button('test', ask), button('remove', take))),
    );
  }

  return { element: h('section', {}, h('header', {}, h('h2', {}, t('endpoints')), add), list), refresh };
}

async function test(endpoint) {
  const body = h('div', { class: 'body', 'aria-live': 'polite' }, t('testing'));
  openDialog(t('tested', endpoint.name), t('close'), body);
  try {
    const { ok, targets } = await call('POST', `endpoints/${encodeURIComponent(endpoint.id)}/test`);
    const verdict = h('p', { class: `note ${ok ? 'good' : 'bad'}` }, t(ok ? 'testOk' : 'testFailed'));
    const each = targets.map((one) => [
      h(
        'h3',
        {},
        one.target,
        ' ',
        pill(one.ok ? 'delivered' : 'dead', `${one.ok ? '✓' : '✗'} ${number(one.durationMs)} ms`),
      ),
      facts([[t('result'), one.detail]]),
      one.providerResponse && h('pre', {}, one.providerResponse),
    ]);
    replace(body, verdict, each);
  } catch (error) {
    replace(body, problem(error));
  }
}

function remove(endpoint, onRemoved) {
  const failure = h('div', {});
  const sure = async () => {
    try {
      await call('DELETE', `endpoints/${encodeURIComponent(endpoint.id)}?force=true`);
      dialog.close();
      onRemoved();
    } catch (error) {
      replace(failure, problem(error));
    }
  };
  const dialog = openDialog(
    t('remove'),
    t('close'),
    h('div', { class: 'body' }, h('p', {}, t('removeSure', endpoint.name)), failure),
    h(
      'footer',
      {},
      h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, t('cancel')),
      h('button', { type: 'button', class: 'danger', onclick: sure }, t('remove')),
    ),
  );
}
