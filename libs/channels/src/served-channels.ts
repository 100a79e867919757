import { type Config, ConfigError } from '#libs/config';
import { channels } from './registry.js';

/** The channels that TOCSIN_CHANNELS asks for. @throws ConfigError where it names one that there is not */
export function servedChannels(config: Pick<Config, 'channels'>): string[] {
  const known = channels.map(({ type }) => type);
  if (config.channels === 'all') return known;
  const unknown = config.channels.filter((channel) => !known.includes(channel));
  if (unknown.length === 0) return [...config.channels];
  throw new ConfigError([`TOCSIN_CHANNELS must name some of ${known.join(', ')} (it names ${unknown.join(', ')})`]);
}
