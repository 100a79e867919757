import { expect, it } from 'vitest';
import { channels } from './channels.js';
import { servedChannels } from './served-channels.js';

const all = channels.map(({ type }) => type);

it('a worker serves every channel unless TOCSIN_CHANNELS selects or excludes some', () => {
  expect(servedChannels({ channels: 'all' })).toEqual(all);
  expect(servedChannels({ channels: ['http'] })).toEqual(['http']);
  expect(servedChannels({ channels: { except: ['http'] } })).toEqual(all.filter((type) => type !== 'http'));
});

it('an unknown channel is refused with a list of known ones', () => {
  const message = /TOCSIN_CHANNELS must name some of .*http.*\(it names htpp\)/;
  expect(() => servedChannels({ channels: ['http', 'htpp'] })).toThrow(message);
  expect(() => servedChannels({ channels: { except: ['http', 'htpp'] } })).toThrow(message);
});

it('a worker without any channel is refused', () => {
  expect(() => servedChannels({ channels: { except: all } })).toThrow(/TOCSIN_CHANNELS must leave some of .*http/);
});
