import { type Config, ConfigError } from '#libs/config';
import { channels } from './channels.js';

/** The channels that TOCSIN_CHANNELS asks for. @throws ConfigError where it names one that there is not, or leaves none */
export function servedChannels({ channels: asked }: Pick<Config, 'channels'>): string[] {
  const known = channels.map(({ type }) => type);
  if (asked === 'all') return known;
  const named = 'except' in asked ? asked.except : asked;
  const unknown = named.filter((channel) => !known.includes(channel));
  if (unknown.length > 0)
    throw new ConfigError([`TOCSIN_CHANNELS must name some of ${known.join(', ')} (it names ${unknown.join(', ')})`]);
  const served = 'except' in asked ? known.filter((channel) => !asked.except.includes(channel)) : [...asked];
  if (served.length === 0)
    throw new ConfigError([`TOCSIN_CHANNELS must leave some of ${known.join(', ')} to serve (it leaves out all)`]);
  return served;
}
