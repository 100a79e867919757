import { describe, expect, it } from 'vitest';
import type { Channel } from '../src/channel.js';
import { type Config, mapValues } from '../src/kit/config/config-fields.js';
import { alternativesOf, type ConfigSchema, configSchema } from '../src/kit/config/config-schema.js';
import { giveIds } from '../src/kit/secrets/element-ids.js';
import { maskSecrets } from '../src/kit/secrets/mask-secrets.js';
import { restoreSecrets } from '../src/kit/secrets/restore-secrets.js';
import type { ChannelFixtures } from './channel-suite.js';

const BASE_URL = 'https://gateway.example:8443';
/** Another destination for each kind of mark that is an address. */
const ELSEWHERE: Readonly<Record<string, unknown>> = {
  origin: 'https://attacker.example/hook',
  host: 'attacker.example',
  addresses: ['attacker.example:9092'],
};
/** Fields that the contract counts as a destination, and those of the same meaning in channels with robots or logins. */
const ALWAYS_MARKED =
  /^(url|apiUrl|webhookUrl|tokenUrl|host|port|brokers|proxy|security|tls|insecureSkipVerify|caCert)$/;

const markOf = (schema: ConfigSchema) => alternativesOf(schema).find((one) => one.destination)?.destination;

/** Names of fields anywhere in a schema that must have a mark and have none. */
function unmarked(schema: ConfigSchema): string[] {
  return alternativesOf(schema).flatMap(({ properties, items }) => [
    ...Object.entries(properties ?? {}).flatMap(([name, field]) => [
      ...(ALWAYS_MARKED.test(name) && !markOf(field) ? [name] : []),
      ...unmarked(field),
    ]),
    ...(typeof items === 'object' ? unmarked(items) : []),
  ]);
}

/** The config with every address replaced whose place the choice names. */
function moved(schema: ConfigSchema, config: Config, chosen: (path: string) => boolean): Config {
  return mapValues(config, { schema, path: [], identity: [] }, (value, at) => {
    const mark = markOf(at.schema);
    const other = typeof mark === 'string' ? ELSEWHERE[mark] : undefined;
    return other !== undefined && chosen(at.path.join('.')) ? other : value;
  }) as Config;
}

/** The requirements of every channel with secrets: a stored secret is never sent to another destination. */
export function destinationSuite(channel: Channel, fixtures: ChannelFixtures): void {
  const schema = configSchema(channel.config);
  const all = [fixtures.config(BASE_URL), ...(fixtures.otherConfigs?.(BASE_URL) ?? [])];

  describe('a stored secret', () => {
    it('has every field of its destination marked in the schema', () => expect(unmarked(schema)).toEqual([]));

    it.each(all.map((one, index) => [index, one] as const))('stays with its addresses: config %i', (_index, given) => {
      let ids = 0;
      const stored = giveIds(channel.config, channel.config.parse(given) as Config, () => `given-${ids++}`);
      const masked = maskSecrets(channel.config, stored);
      expect(restoreSecrets(channel.config, masked, stored)).toEqual({ config: stored, missing: [], moved: [] });

      const addresses: string[] = [];
      moved(schema, stored, (path) => addresses.push(path) < 0);
      expect(addresses).not.toEqual([]);
      const kept = restoreSecrets(
        channel.config,
        moved(schema, masked, () => true),
        stored,
      );
      const secrets: string[] = [];
      mapValues(masked, { schema, path: [], identity: [] }, (value, { path }) => {
        if (value === '********') secrets.push(path.join('.'));
        return value;
      });
      // A secret that is an address was replaced itself, so it is new.
      const replaced = new Set(addresses);
      expect(kept.moved.map(({ path }) => path.join('.')).sort()).toEqual(
        secrets.filter((path) => !replaced.has(path)).sort(),
      );
    });
  });
}
