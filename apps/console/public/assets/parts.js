import { ApiError } from './api.js';
import { h } from './dom.js';
import { t } from './words.js';

/** An error with the fields that the API reports. */
export function problem(error) {
  if (!(error instanceof ApiError)) return h('div', { class: 'note bad', role: 'alert' }, t('away'));
  const fields = error.errors.map(({ path, message }) => h('li', {}, path ? h('code', {}, path) : '', ' ', message));
  return h('div', { class: 'note bad', role: 'alert' }, error.message, fields.length > 0 && h('ul', {}, fields));
}

export const pill = (kind, text = t(kind)) => h('span', { class: `pill ${kind}` }, text);

/** A command with a button to copy it. */
export function command(text) {
  const copy = async (event) => {
    await navigator.clipboard.writeText(text);
    event.target.textContent = t('copied');
  };
  // Browsers offer the clipboard only to pages of localhost or over TLS.
  const button = navigator.clipboard && h('button', { type: 'button', onclick: copy }, t('copy'));
  return h('div', { class: 'command' }, h('pre', {}, text), button);
}

/** A list of names and values; pairs without a value are left out. */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return h(
    'dl',
    { class: 'facts' },
    known.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}

export const table = (headings, rows) =>
  h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          headings.map((heading) => h('th', { scope: 'col' }, heading)),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
