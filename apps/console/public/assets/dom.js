/**
 * Creates an element. Children are elements or texts; a text is never parsed as HTML. Properties that begin with `on` are
 * listeners; `class`, `aria-…` and `data-…` are attributes.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes('-')) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** Replaces the content of a container and restores the focus. */
export function replace(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  container.replaceChildren(...children.flat(3).filter(Boolean));
  if (focused) container.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** Opens a modal dialog, which is removed when its button, Escape or the caller closes it. */
export function openDialog(title, closeLabel, ...children) {
  const dialog = h(
    'dialog',
    { 'aria-label': title, onclose: () => dialog.remove() },
    h(
      'header',
      {},
      h('h2', {}, title),
      h('button', { type: 'button', class: 'plain', 'aria-label': closeLabel, onclick: () => dialog.close() }, '✕'),
    ),
    ...children,
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
