import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openApi } from './open-api.js';

const TYPES = resolve(import.meta.dirname, '../../../apps/console/src/api/generated/schema.d.ts');

it('the types of the console are those of the OpenAPI document (`npm test -- console-types -u` writes them)', async () => {
  const { apiTypes } = await import('../../../apps/console/api-types.mjs' as string);
  const api = await openApi();
  try {
    const { json } = await api.get('/openapi.json');
    await expect(await apiTypes(json)).toMatchFileSnapshot(TYPES);
  } finally {
    await api.close();
  }
});
