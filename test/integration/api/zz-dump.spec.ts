import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { openApi } from './open-api.js';

it('dump', async () => {
  const api = await openApi();
  writeFileSync(
    process.env.DUMP ?? '/tmp/openapi.json',
    JSON.stringify((await api.get('/openapi.json')).json, null, 1),
  );
  await api.close();
});
