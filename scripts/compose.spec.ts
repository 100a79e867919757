import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { channels } from '#libs/channels';

it('the workers of docker-compose.yml serve every channel, and none that there is not', () => {
  const compose = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
  const groups = [...compose.matchAll(/^ +TOCSIN_CHANNELS: ([\w,-]+)$/gm)].map(([, names = '']) => names.split(','));
  expect(new Set(groups.flat())).toEqual(new Set(channels.map(({ type }) => type)));
});
