import { expect, it } from 'vitest';
import { sampleVariables } from './language/variables.sample.js';
import { renderMessage } from './render-message.js';
import { createRenderer } from './threads/renderer.js';

const fallbackTemplate = { title: 'default {{ policy }}', content: '{{ content | tojson }}' };
const renderer = createRenderer();
const variables = { ...sampleVariables, content: 'x'.repeat(60_000) };

it('renders the own template, and the default template for missing parts', async () => {
  const message = await renderMessage({
    renderer,
    template: { title: 'own {{ level }}' },
    fallbackTemplate,
    variables,
  });
  expect(message).toEqual({ title: 'own fatal', content: JSON.stringify(variables.content) });
});

it('a failed part falls back to the default template, with the reason', async () => {
  const template = { title: 'own', content: '{{ content }}'.repeat(10) };
  const message = await renderMessage({ renderer, template, fallbackTemplate, variables });
  expect(message.title).toBe('own');
  expect(message.content).toBe(JSON.stringify(variables.content));
  expect(message.templateError).toMatch(/was used for content: the result is longer/);
});

it('a stored template that no longer compiles falls back to the default', async () => {
  const template = { title: '{{ nope }}', content: '{{' };
  const message = await renderMessage({ renderer, template, fallbackTemplate, variables });
  expect(message.title).toBe('default cpu-high');
  expect(message.templateError).toMatch(/title: line 1.*nope.*; .*content: line 1/s);
});

it('the default template has no size limit', async () => {
  const long = { ...variables, content: '\u0001'.repeat(60_000) };
  expect((await renderMessage({ renderer, template: {}, fallbackTemplate, variables: long })).content).toHaveLength(
    360_002,
  );
});
