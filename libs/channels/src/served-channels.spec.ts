import { expect, it } from 'vitest';
import { channels } from './channels.js';
import { servedChannels } from './served-channels.js';

const all = channels.map(({ type }) => type);

it('a worker serves every channel unless it is told which, or which not', () => {
  expect(servedChannels({ channels: 'all' })).toEqual(all);
  expect(servedChannels({ channels: ['http'] })).toEqual(['http']);
  expect(servedChannels({ channels: { except: ['http'] } })).toEqual(all.filter((type) => type !== 'http'));
});

it('a channel that does not exist stops the start, with those that do', () => {
  const message = /TOCSIN_CHANNELS must name some of .*http.*\(it names htpp\)/;
  expect(() => servedChannels({ channels: ['http', 'htpp'] })).toThrow(message);
  expect(() => servedChannels({ channels: { except: ['http', 'htpp'] } })).toThrow(message);
});

it('a worker that would serve nothing does not start', () => {
  expect(() => servedChannels({ channels: { except: all } })).toThrow(/TOCSIN_CHANNELS must leave some of .*http/);
});
