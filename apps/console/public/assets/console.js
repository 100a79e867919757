import { ApiError, get, key } from './api.js';
import { deliveriesView } from './deliveries.js';
import { h, replace } from './dom.js';
import { endpointsView } from './endpoints.js';
import { problem } from './parts.js';
import { statusView } from './status.js';
import { switchLanguage, t } from './words.js';

const REFRESH_MS = 3_000;
/** Number of the page drawn last; answers that an older page awaits are dropped. */
let page = 0;
let timer;
/** Refreshes the views without waiting for the timer. */
let refreshSoon = () => {};

function start() {
  clearTimeout(timer);
  page++;
  refreshSoon = () => {};
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
  if (key.get()) overview();
  else signIn();
}

function frame(status, signedIn, ...content) {
  const changeLanguage = () => {
    switchLanguage();
    start();
  };
  const leave = () => {
    key.forget();
    start();
  };
  const language = h(
    'button',
    { type: 'button', class: 'plain', 'data-key': 'language', onclick: changeLanguage },
    t('language'),
  );
  const out = signedIn && h('button', { type: 'button', class: 'plain', onclick: leave }, t('signOut'));
  const logo = h('img', { src: 'assets/icon.svg', alt: '', width: 28, height: 28 });
  const top = h(
    'header',
    { class: 'top' },
    logo,
    h('h1', {}, 'Tocsin'),
    status,
    h('span', { class: 'grow' }),
    language,
    out,
  );
  replace(document.body, top, h('main', {}, content));
}

function signIn(failure) {
  const input = h('input', {
    type: 'password',
    required: true,
    autocomplete: 'current-password',
    id: 'key',
    autofocus: true,
  });
  const note = h('div', { 'aria-live': 'assertive' }, failure);
  const submit = h('button', { type: 'submit', class: 'primary' }, t('signIn'));
  async function onsubmit(event) {
    event.preventDefault();
    submit.disabled = true;
    key.set(input.value.trim());
    try {
      await get('endpoints?limit=1');
      start();
    } catch (error) {
      key.forget();
      submit.disabled = false;
      replace(note, refusal(error));
      input.select();
    }
  }
  const label = h('label', { htmlFor: 'key' }, t('key'));
  frame(
    undefined,
    false,
    h('form', { class: 'sign-in', onsubmit }, label, input, h('small', {}, t('keyHint')), note, submit),
  );
  input.focus();
}

function refusal(error) {
  const word = error instanceof ApiError && { 401: 'keyWrong', 403: 'keyLacks' }[error.status];
  return word ? h('p', { class: 'note bad' }, t(word)) : problem(error);
}

function overview() {
  const mine = page;
  refreshSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 0);
  };
  const status = statusView();
  const views = [status, endpointsView(refreshSoon), deliveriesView(refreshSoon)];
  const failure = h('div', { 'aria-live': 'assertive' });
  let shown = '';

  async function refresh() {
    const results = document.hidden ? [] : await Promise.allSettled(views.map((view) => view.refresh()));
    if (mine !== page) return;
    const error = results.find((result) => result.status === 'rejected')?.reason;
    if (error instanceof ApiError && error.status === 401) {
      key.forget();
      page++;
      signIn(refusal(error));
      return;
    }
    // Replaced only when it changes: screen readers announce every replacement.
    if (shown !== String(error)) replace(failure, error && problem(error));
    shown = String(error);
    clearTimeout(timer);
    timer = setTimeout(refresh, REFRESH_MS);
  }

  frame(
    status.state,
    true,
    failure,
    views.map((view) => view.element),
  );
  refresh();
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refreshSoon();
});
start();
