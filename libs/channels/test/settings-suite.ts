import { describe, expect, it } from 'vitest';
import { LANGUAGES, parseDuration } from '#libs/contracts';
import { checkTemplate } from '#libs/templates';
import type { Channel } from '../src/channel.js';
import type { Config } from '../src/kit/config/config-fields.js';
import { configSchema } from '../src/kit/config/config-schema.js';
import { listTemplates } from '../src/kit/config/config-templates.js';
import { giveIds } from '../src/kit/secrets/element-ids.js';
import { listSecrets, mapSecrets } from '../src/kit/secrets/map-secrets.js';
import { maskSecrets } from '../src/kit/secrets/mask-secrets.js';
import { restoreSecrets } from '../src/kit/secrets/restore-secrets.js';
import { secretPaths } from '../src/kit/secrets/secret-paths.js';
import type { ChannelFixtures } from './channel-suite.js';
import { testMessage } from './test-message.js';

const BASE_URL = 'http://127.0.0.1:9';

/** The requirements of every channel for its settings, templates and targets. */
export function settingsSuite(channel: Channel, fixtures: ChannelFixtures): void {
  const parse = (settings: Config) => channel.config.parse(settings) as Config;
  const config = parse(fixtures.config(BASE_URL));
  const configs = [config, ...(fixtures.otherConfigs?.(BASE_URL) ?? []).map(parse)];
  const secrets = listSecrets(channel.config, config);

  function expectNoSecrets(text: string): void {
    for (const secret of secrets) expect(text).not.toContain(secret);
  }

  describe('settings', () => {
    it('are accepted, and accepted again in their parsed form', () => {
      for (const one of configs) expect(parse(one)).toEqual(one);
    });

    it('are refused if they are empty or have an unknown field', () => {
      expect(channel.config.safeParse({}).success).toBe(false);
      const unknown = channel.config.safeParse({ ...config, nonsense: 1 });
      expect(JSON.stringify(unknown.error?.issues)).toContain('nonsense');
    });

    it.each(fixtures.refused.map((one) => [one.field, one.config] as const))('are refused for %s', (field, refused) => {
      const { error } = channel.config.safeParse(refused(BASE_URL));
      expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(field);
    });

    it('have a JSON Schema with a title for every field of the form', () => {
      const schema = configSchema(channel.config);
      expect(JSON.stringify(schema)).not.toContain('$ref');
      for (const field of Object.values(schema.properties ?? {})) expect(field).toHaveProperty('title');
    });

    it('mark their secrets, and the fixture has all of them', () => {
      expect(secretPaths(channel.config)).toEqual([...fixtures.secretPaths].sort());
      const all = configs.flatMap((one) => listSecrets(channel.config, one));
      expect(all.length).toBeGreaterThanOrEqual(fixtures.secretPaths.length);
    });

    it('keep their secrets when read and sent back', () => {
      const masked = maskSecrets(channel.config, config);
      expectNoSecrets(JSON.stringify(masked));
      expect(restoreSecrets(channel.config, masked, config)).toEqual({ config, missing: [], moved: [] });
      expect(restoreSecrets(channel.config, masked, undefined).missing).toHaveLength(secrets.length);
    });

    it('identify each list element with a secret by its id', () => {
      let ids = 0;
      const given = giveIds(channel.config, config, () => `given-${ids++}`);
      expect(parse(given)).toEqual(given);
      const names: unknown[] = [];
      mapSecrets(channel.config, given, (secret, { identity }) => {
        names.push(...identity);
        return secret;
      });
      expect(names.filter((part) => typeof part === 'number')).toEqual([]);
    });

    it('have templates that compile', () => {
      for (const template of listTemplates(channel.config, config)) checkTemplate(template.source);
    });
  });

  describe('the channel', () => {
    it.each(LANGUAGES)('has a default template in %s that names the object', (lang) => {
      const { title, content } = testMessage(channel, {}, lang);
      expect(title + content).toContain('host-42');
      expect(title).toMatch(/\S/);
    });

    it('has a label, and limits with their documentation', () => {
      expect(channel.label).toMatch(/^\S.*\S$/);
      const { rate, documentedAt } = channel.limits;
      if (rate)
        expect([rate.max > 0, parseDuration(rate.per), documentedAt]).toEqual([
          true,
          expect.any(Number),
          expect.stringMatching(/^https:/),
        ]);
    });

    it('names its targets, the same ones each time, without secrets', () => {
      const targets = channel.targets(config);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map((target) => target.id)).size).toBe(targets.length);
      for (const target of targets) expect(target.id).toMatch(/^[\w-]{1,64}$/);
      expect(channel.targets(parse(structuredClone(config)))).toEqual(targets);
      // The credential may be a secret, so it is not part of the label.
      for (const { id, label } of targets) expectNoSecrets(`${id} ${label}`);
    });

    it('has a time limit of at most a minute', () => {
      expect(channel.timeoutMs(config)).toBeGreaterThan(0);
      expect(channel.timeoutMs(config)).toBeLessThanOrEqual(60_000);
    });
  });
}
