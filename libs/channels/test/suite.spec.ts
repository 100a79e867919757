/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';
import { channels } from '../src/channels.js';
import { secretPaths } from '../src/kit/secrets/secret-paths.js';
import type { SuiteFixtures } from './channel-suite.js';
import { destinationSuite } from './destination-suite.js';
import { leaseSuite } from './lease-suite.js';
import { sendingSuite } from './sending-suite.js';
import { settingsSuite } from './settings-suite.js';
import { textsSuite } from './texts-suite.js';

/** Found by their path, so that no channel can be left out. */
const fixturesOf = import.meta.glob<SuiteFixtures>('../src/*/fixtures.ts', { eager: true, import: 'fixtures' });

describe.each(channels.map((channel) => [channel.type, channel] as const))('the channel %s', (type, channel) => {
  const fixtures = fixturesOf[`../src/${type}/fixtures.ts`];
  it('exports the fixtures that the suite needs', () => {
    expect(fixtures, `libs/channels/src/${type}/fixtures.ts exports no fixtures`).toBeDefined();
    expect(fixtures).toMatchObject({ start: expect.any(Function), outcomes: expect.any(Object) });
  });
  if (!fixtures?.start) return;
  describe('its settings', () => settingsSuite(channel, fixtures));
  if (secretPaths(channel.config).length > 0) describe('its destination', () => destinationSuite(channel, fixtures));
  describe.each(Object.entries({ 'as a rule': fixtures, ...fixtures.otherModes }))('%s', (_name, mode) => {
    describe('a send', () => sendingSuite(channel, mode));
    describe('a lease', () => leaseSuite(channel, mode));
    describe('a text', () => textsSuite(channel, mode));
  });
});
