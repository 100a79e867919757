import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { channels, servedChannels } from '#libs/channels';
import { loadConfig } from '#libs/config';

const compose = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
const groups = [...compose.matchAll(/^ +TOCSIN_CHANNELS: (.+)$/gm)].map(
  ([, text]) => loadConfig({ TOCSIN_CHANNELS: text }).channels,
);

it('the workers of docker-compose.yml serve every channel, and name no unknown one', () => {
  const served = groups.flatMap((group) => servedChannels({ channels: group }));
  expect(new Set(served)).toEqual(new Set(channels.map(({ type }) => type)));
});

it('one of them serves the channels of no other, so a new channel needs no change there', () => {
  const named = new Set(groups.flatMap((group) => (Array.isArray(group) ? group : [])));
  const rest = groups.flatMap((group) => (typeof group === 'object' && 'except' in group ? [group.except] : []));
  expect(rest).toHaveLength(1);
  for (const type of rest.flat()) expect(named).toContain(type);
});
