/// <reference types="vite/types/importMeta.d.ts" />
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '#libs/settings';
import type { ResourceFixtures } from '../../../libs/settings/test/resource-fixtures.js';
import { openApi } from '../api/open-api.js';
import { type ResourceDesk, resourceSuite } from './resource-suite.js';

/** Found by their place, so that no resource can be left out. */
const fixturesOf = import.meta.glob<ResourceFixtures>('../../../libs/settings/src/*/fixtures.ts', {
  eager: true,
  import: 'fixtures',
});

describe.each(resources.map((resource) => [resource.declaration.name, resource] as const))(
  'the resource %s',
  (name, { declaration }) => {
    const fixtures = fixturesOf[`../../../libs/settings/src/${name}/fixtures.ts`];
    const desk = { declaration, fixtures } as ResourceDesk;
    beforeAll(async () => {
      desk.api = await openApi();
      await desk.api.parts.database.run((manager) =>
        manager.query(`INSERT INTO teams (key, name) VALUES ('others', 'Others')`),
      );
    });
    afterAll(() => desk.api.close());

    it('has fixtures in its folder', () => {
      expect(fixtures, `libs/settings/src/${name}/fixtures.ts exports no fixtures`).toBeDefined();
    });
    if (fixtures) resourceSuite(desk);
  },
);
