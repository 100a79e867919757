import { h } from './dom.js';
import { t } from './words.js';

/** Form fields of a JSON Schema. `read` returns the entered values without the empty ones. */
export function schemaFields(schema, path) {
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    ...field(property, `${path}.${name}`, property.title ?? name, (schema.required ?? []).includes(name)),
  }));
  return {
    elements: fields.flatMap((one) => one.element),
    read() {
      const entered = fields.map(({ name, read }) => [name, read()]).filter(([, value]) => value !== undefined);
      return Object.fromEntries(entered);
    },
  };
}

function field(schema, path, title, required) {
  if (schema.enum) return choice(schema, path, title);
  if (schema.type === 'boolean') return checkbox(schema, path, title);
  if (typeof schema.additionalProperties === 'object') return record(schema, path, title);
  if (schema.type === 'object') return group(schema, path, title);
  if (schema.type === 'array' && schema.items?.type === 'string') return lines(schema, path, title, required);
  return text(schema, path, title, required);
}

let count = 0;
/** A field of a form, with its hint and a place for the errors of the API. */
export function labelled(path, title, hint, control, required = false) {
  control.id = `field-${++count}`;
  const explained = [hint, !required && t('optional')].filter(Boolean).join(' · ');
  control.setAttribute('aria-describedby', `${control.id}-hint`);
  return h(
    'div',
    { class: 'field', 'data-path': path },
    h('label', { htmlFor: control.id }, title),
    control,
    h('small', { id: `${control.id}-hint` }, explained),
    h('p', { class: 'field-error', role: 'alert' }),
  );
}

function text(schema, path, title, required) {
  const long = schema.format === 'pem' || (schema.template === 'text' && !schema.writeOnly);
  const properties = { required, placeholder: schema.default ?? schema.examples?.[0] ?? '', spellcheck: false };
  if (schema.writeOnly) Object.assign(properties, { type: 'password', autocomplete: 'new-password' });
  else if (schema.type === 'integer' || schema.type === 'number') Object.assign(properties, { type: 'number' });
  const control = h(long ? 'textarea' : 'input', properties);
  const hint = [schema.description, schema.writeOnly && t('secret')].filter(Boolean).join(' · ');
  const read = () =>
    control.value === '' ? undefined : control.type === 'number' ? Number(control.value) : control.value;
  return { element: labelled(path, title, hint, control, required), read };
}

function lines(schema, path, title, required) {
  const { element, read } = text({ ...schema, template: 'text' }, path, title, required);
  const split = (value) =>
    value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  return { element, read: () => (read() === undefined ? undefined : split(read())) };
}

function choice(schema, path, title) {
  const options = schema.enum.map((value) => h('option', { value, selected: value === schema.default }, value));
  const control = h('select', {}, options);
  return { element: labelled(path, title, schema.description, control, true), read: () => control.value };
}

function checkbox(schema, path, title) {
  const control = h('input', { type: 'checkbox', checked: schema.default === true });
  return { element: labelled(path, title, schema.description, control, true), read: () => control.checked };
}

function group(schema, path, title) {
  const inner = schemaFields(schema, path);
  const read = () => {
    const entered = inner.read();
    return Object.keys(entered).length > 0 ? entered : undefined;
  };
  return { element: h('fieldset', {}, h('legend', {}, title), inner.elements), read };
}

/** Rows of a name and a value, for an object with free property names. */
function record(schema, path, title) {
  const rows = h('div', { class: 'rows' });
  const shown = new Set(schema.writeOnlyExcept ?? []);
  const addRow = () => {
    const name = h('input', { placeholder: t('name'), 'aria-label': `${title}: ${t('name')}`, spellcheck: false });
    const value = h('input', { placeholder: t('value'), 'aria-label': `${title}: ${t('value')}`, spellcheck: false });
    const conceal = () => {
      value.type = schema.additionalProperties.writeOnly && !shown.has(name.value.toLowerCase()) ? 'password' : 'text';
      value.autocomplete = 'new-password';
    };
    name.addEventListener('input', conceal);
    conceal();
    const remove = { type: 'button', class: 'plain', 'aria-label': t('removeRow'), onclick: () => row.remove() };
    const row = h('div', { class: 'row' }, name, value, h('button', remove, '✕'));
    rows.append(row);
    return name;
  };
  const read = () => {
    const pairs = [...rows.children].map((row) => [...row.querySelectorAll('input')].map((input) => input.value));
    const named = pairs.filter(([name]) => name !== '');
    return named.length > 0 ? Object.fromEntries(named) : undefined;
  };
  const element = h(
    'fieldset',
    { 'data-path': path },
    h('legend', {}, title),
    rows,
    h('button', { type: 'button', onclick: () => addRow().focus() }, t('addRow')),
    h('small', {}, schema.description ?? ''),
    h('p', { class: 'field-error', role: 'alert' }),
  );
  return { element, read };
}

/**
 * Shows each error at its field, or at the nearest field above its path. Returns the errors without a field.
 */
export function showErrors(form, errors) {
  for (const note of form.querySelectorAll('.field-error')) note.textContent = '';
  const fields = [...form.querySelectorAll('[data-path]')];
  const unplaced = errors.filter(({ path = '', message }) => {
    const field = fields.findLast(({ dataset }) => path === dataset.path || path.startsWith(`${dataset.path}.`));
    const note = field?.querySelector('.field-error');
    if (note) note.textContent = note.textContent === '' ? message : `${note.textContent}; ${message}`;
    return !note;
  });
  const first = fields.find((field) => field.querySelector('.field-error')?.textContent);
  first?.querySelector('input, select, textarea')?.focus();
  return unplaced;
}
