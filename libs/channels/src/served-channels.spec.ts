import { expect, it } from 'vitest';
import { channels } from './registry.js';
import { servedChannels } from './served-channels.js';

it('a worker serves every channel unless it is told which', () => {
  expect(servedChannels({ channels: 'all' })).toEqual(channels.map(({ type }) => type));
  expect(servedChannels({ channels: ['http'] })).toEqual(['http']);
});

it('a channel that does not exist stops the start, with those that do', () => {
  expect(() => servedChannels({ channels: ['http', 'htpp'] })).toThrow(/TOCSIN_CHANNELS must name some of http.*htpp/);
});
