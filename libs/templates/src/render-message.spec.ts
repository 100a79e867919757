import { expect, it } from 'vitest';
import { sampleVariables } from './language/variables.sample.js';
import { renderMessage } from './render-message.js';
import { createRenderer } from './threads/renderer.js';

const fallbackTemplate = { title: 'default {{ policy }}', content: '{{ content | tojson }}' };
const renderer = createRenderer();
const variables = { ...sampleVariables, content: 'x'.repeat(60_000) };

it('renders the own template, and the default where there is none', async () => {
  const message = await renderMessage({
    renderer,
    template: { title: 'own {{ level }}' },
    fallbackTemplate,
    variables,
  });
  expect(message).toEqual({ title: 'own fatal', content: JSON.stringify(variables.content) });
});

it('falls back, for the part concerned alone, and says so', async () => {
  const template = { title: 'own', content: '{{ content }}'.repeat(10) };
  const message = await renderMessage({ renderer, template, fallbackTemplate, variables });
  expect(message.title).toBe('own');
  expect(message.content).toBe(JSON.stringify(variables.content));
  expect(message.templateError).toMatch(/stands in for content: the result is longer/);
});

it('falls back for a template that no longer compiles', async () => {
  const template = { title: '{{ nope }}', content: '{{' };
  const message = await renderMessage({ renderer, template, fallbackTemplate, variables });
  expect(message.title).toBe('default cpu-high');
  expect(message.templateError).toMatch(/title: line 1.*nope.*; .*content: line 1/s);
});

it('sends even a default that is longer than an own template may be', async () => {
  const long = { ...variables, content: '\u0001'.repeat(60_000) };
  expect((await renderMessage({ renderer, template: {}, fallbackTemplate, variables: long })).content).toHaveLength(
    360_002,
  );
});
