import { expect, it } from 'vitest';
import { renderMessage } from './render-message.js';
import { sampleVariables } from './variables.sample.js';

const fallbackTemplate = { title: 'default {{ policy }}', content: '{{ content | tojson }}' };
const variables = { ...sampleVariables, content: 'x'.repeat(60_000) };

it('renders the own template, and the default where there is none', () => {
  const message = renderMessage({ template: { title: 'own {{ level }}' }, fallbackTemplate, variables });
  expect(message).toEqual({ title: 'own fatal', content: JSON.stringify(variables.content) });
});

it('falls back, for the part concerned alone, and says so', () => {
  const template = { title: 'own', content: '{{ content }}'.repeat(10) };
  const message = renderMessage({ template, fallbackTemplate, variables });
  expect(message.title).toBe('own');
  expect(message.content).toBe(JSON.stringify(variables.content));
  expect(message.templateError).toMatch(/stands in for content: the result is longer/);
});

it('falls back for a template that no longer compiles', () => {
  const template = { title: '{{ nope }}', content: '{{' };
  const message = renderMessage({ template, fallbackTemplate, variables });
  expect(message.title).toBe('default cpu-high');
  expect(message.templateError).toMatch(/title: line 1.*nope.*; .*content: line 1/s);
});

it('sends even a default that is longer than an own template may be', () => {
  const long = { ...variables, content: '\u0001'.repeat(60_000) };
  expect(renderMessage({ template: {}, fallbackTemplate, variables: long }).content).toHaveLength(360_002);
});
