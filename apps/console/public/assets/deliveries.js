import { get } from './api.js';
import { h, openDialog, replace } from './dom.js';
import { command, facts, pill, problem, table } from './parts.js';
import { levelName, moment, number, t } from './words.js';

const FIRST_EVENT = () =>
  `curl ${location.origin}/api/v1/events \\
  -H "Authorization: Bearer $TOCSIN_KEY" -H 'Content-Type: application/json' \\
  -d '{"policy": "demo", "object": "host-1", "level": "fatal", "title": "Hello from Tocsin"}'`;

/** The newest deliveries; each opens in a dialog with its attempts. */
export function deliveriesView(refreshSoon) {
  const list = h('div', {});
  const statuses = ['', 'retrying', 'delivered', 'dead', 'cancelled'];
  const options = statuses.map((status) => h('option', { value: status }, t(status || 'all')));
  const filter = h('select', { 'aria-label': t('status'), onchange: refreshSoon }, options);
  let shown;

  async function refresh() {
    const status = filter.value;
    const { items } = await get(`deliveries?limit=50${status && `&status=${status}`}`);
    const now = status + JSON.stringify(items);
    if (now === shown) return;
    shown = now;
    const headings = [t('time'), t('status'), t('event'), t('level'), t('endpoint'), t('attempts'), t('result')];
    if (items.length > 0) replace(list, table(headings, items.map(row)));
    else if (status) replace(list, h('p', { class: 'empty' }, t('noMatches')));
    else replace(list, h('div', { class: 'empty' }, h('p', {}, t('noDeliveries')), command(FIRST_EVENT())));
  }

  const heading = h('h2', {}, t('deliveries'), ' ', h('small', {}, t('newest')));
  return { element: h('section', {}, h('header', {}, heading, filter), list), refresh };
}

function row(item) {
  const about = item.title || `${item.policy}: ${item.object}`;
  const open = { type: 'button', class: 'link', 'data-key': item.id, onclick: () => detail(item.id) };
  return h(
    'tr',
    {},
    h('td', { title: item.createdAt, class: 'number' }, moment(item.createdAt)),
    h('td', {}, pill(item.status)),
    h('td', { class: 'wide' }, h('button', open, about), h('small', {}, `${item.policy} · ${item.object}`)),
    h('td', {}, h('span', { class: `level ${item.level}` }, levelName(item.level))),
    h('td', { class: 'wide' }, item.endpointName, h('small', {}, item.target)),
    h('td', { class: 'number' }, number(item.attemptCount)),
    h('td', { class: 'wide' }, item.lastError || item.reason || ''),
  );
}

async function detail(id) {
  const body = h('div', { class: 'body', 'aria-live': 'polite' }, t('loading'));
  openDialog(t('delivery', id), t('close'), body);
  try {
    const item = await get(`deliveries/${encodeURIComponent(id)}`);
    const about = facts([
      [t('status'), pill(item.status)],
      [t('reason'), item.reason],
      [t('title'), item.title],
      [t('policy'), item.policy],
      [t('object'), item.object],
      [t('level'), item.level && levelName(item.level)],
      [t('endpoint'), `${item.endpointName} (${item.channel})`],
      [t('target'), item.target],
      [t('time'), moment(item.createdAt)],
      [t('next'), moment(item.nextAttemptAt)],
    ]);
    const attempts = (item.attempts ?? []).map(attempt);
    const none = h('p', { class: 'empty' }, t('noAttempts'));
    replace(
      body,
      about,
      h('h3', {}, t('attempts')),
      attempts.length > 0 ? h('ol', { class: 'attempts' }, attempts) : none,
    );
  } catch (error) {
    replace(body, problem(error));
  }
}

function attempt({ startedAt, durationMs, outcome, code, message, excerpt }) {
  return h(
    'li',
    {},
    h('p', {}, h('span', { class: 'number' }, moment(startedAt)), ' ', pill(outcome), ' ', code && h('code', {}, code)),
    h('p', {}, h('small', {}, `${number(durationMs)} ms`), ' ', message ?? ''),
    excerpt && h('pre', {}, excerpt),
  );
}
