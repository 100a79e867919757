import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { channelByType, channels } from './registry.js';

const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

it('lists every folder, and each channel is named as its folder', () => {
  expect(channels.map((channel) => channel.type).sort()).toEqual(folders.sort());
});

it('finds a channel by its type', () => {
  for (const channel of channels) expect(channelByType(channel.type)).toBe(channel);
  for (const other of ['', 'constructor', '__proto__', 'HTTP']) expect(channelByType(other)).toBeUndefined();
});

it.each(folders)('%s is named nowhere here but in the list', (folder) => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /(?<!spec)\.ts$/.test(name));
  const naming = files.filter((name) => readFileSync(new URL(name, import.meta.url), 'utf8').includes(`/${folder}/`));
  expect(naming).toEqual(['registry.ts']);
});

it.each(folders)('%s imports its plug-in interface, its client and nothing else of the project', (folder) => {
  const at = new URL(`./${folder}/`, import.meta.url);
  for (const name of readdirSync(at).filter(
    (file) => /\.ts$/.test(file) && !/spec|fixtures|fake-provider/.test(file),
  )) {
    const source = readFileSync(new URL(name, at), 'utf8');
    const imports = [...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '');
    const ours = imports.filter((from) => from.startsWith('#') || from.startsWith('../') || from.startsWith('@nestjs'));
    for (const from of ours) expect(['#libs/contracts', '../channel.js']).toContain(from);
    expect(source).not.toMatch(/process\.env|Date\.now\(|new Date\(\)|Math\.random/);
  }
});
