import { ApiError, call, get } from './api.js';
import { h, openDialog, replace } from './dom.js';
import { problem } from './parts.js';
import { labelled, schemaFields, showErrors } from './schema-form.js';
import { t } from './words.js';

/** Opens the form of a new endpoint; calls back when the endpoint is saved. */
export async function addEndpoint(onAdded) {
  const body = h('div', { class: 'body' }, t('loading'));
  const dialog = openDialog(t('add'), t('close'), body);
  try {
    const { items } = await get('channels');
    replace(body, form(items, dialog, onAdded));
    body.querySelector('input')?.focus();
  } catch (error) {
    replace(body, problem(error));
  }
}

function form(channels, dialog, onAdded) {
  const name = h('input', { required: true, maxLength: 256 });
  const channel = h(
    'select',
    {},
    channels.map(({ type, label }) => h('option', { value: type }, `${label} (${type})`)),
  );
  const policies = h('input', { value: '*' });
  const pushPeriod = h('input', { placeholder: '12h' });
  const title = h('input', { spellcheck: false });
  const content = h('textarea', { rows: 5, spellcheck: false });
  const variables = h('small', {});
  const config = h('div', {});
  const failure = h('div', {});
  let fields;

  const chosen = () => channels.find(({ type }) => type === channel.value);
  function drawConfig() {
    const { config: schema, template, variables: known = [] } = chosen();
    fields = schemaFields(schema, 'config');
    replace(config, fields.elements);
    title.placeholder = template?.title ?? '';
    content.placeholder = template?.content ?? '';
    const names = known.map((one) => h('code', { title: one.description ?? '' }, one.name ?? one));
    replace(
      variables,
      t('templateHint'),
      names.flatMap((one) => [one, ' ']),
    );
  }
  channel.addEventListener('change', drawConfig);
  drawConfig();

  async function save(event) {
    event.preventDefault();
    const template = { ...(title.value && { title: title.value }), ...(content.value && { content: content.value }) };
    const keys = policies.value
      .split(/[,，]/)
      .map((one) => one.trim())
      .filter(Boolean);
    const endpoint = {
      name: name.value,
      channel: channel.value,
      config: fields.read(),
      ...(keys.length > 0 && { policies: keys }),
      ...(pushPeriod.value && { pushPeriod: pushPeriod.value }),
      ...(Object.keys(template).length > 0 && { template }),
    };
    submit.disabled = true;
    try {
      await call('POST', 'endpoints', endpoint);
      dialog.close();
      onAdded();
    } catch (error) {
      const unplaced = showErrors(element, error instanceof ApiError ? error.errors : []);
      if (error instanceof ApiError) error.errors = unplaced;
      replace(failure, problem(error));
    } finally {
      submit.disabled = false;
    }
  }

  const submit = h('button', { type: 'submit', class: 'primary' }, t('save'));
  const element = h(
    'form',
    { onsubmit: save, autocomplete: 'off' },
    labelled('name', t('name'), '', name, true),
    labelled('channel', t('channel'), '', channel, true),
    config,
    labelled('policies', t('policies'), t('policiesHint'), policies),
    labelled('pushPeriod', t('pushPeriod'), t('pushPeriodHint'), pushPeriod),
    h(
      'details',
      {},
      h('summary', {}, t('template')),
      variables,
      labelled('template.title', t('title'), '', title),
      labelled('template.content', t('content'), '', content),
    ),
    failure,
    h('footer', {}, h('button', { type: 'button', onclick: () => dialog.close() }, t('cancel')), submit),
  );
  return element;
}
