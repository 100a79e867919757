import { type Config, ConfigError } from '#libs/config';
import { channels } from './channels.js';

/**
 * The channels that TOCSIN_CHANNELS selects.
 * @throws ConfigError if it names an unknown channel, or leaves none
 */
export function servedChannels({ channels: selected }: Pick<Config, 'channels'>): string[] {
  const known = channels.map(({ type }) => type);
  if (selected === 'all') return known;
  const named = 'except' in selected ? selected.except : selected;
  const unknown = named.filter((channel) => !known.includes(channel));
  if (unknown.length > 0)
    throw new ConfigError([`TOCSIN_CHANNELS must name some of ${known.join(', ')} (it names ${unknown.join(', ')})`]);
  const served = 'except' in selected ? known.filter((channel) => !selected.except.includes(channel)) : [...selected];
  if (served.length === 0)
    throw new ConfigError([`TOCSIN_CHANNELS must leave some of ${known.join(', ')} to serve (it leaves out all)`]);
  return served;
}
