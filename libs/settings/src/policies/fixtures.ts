import type { ResourceFixtures } from '../../test/resource-fixtures.js';

export const fixtures: ResourceFixtures = {
  body: (n) => ({ key: `policy ${n}` }),
  changes: async ({ create }) => {
    const config = { url: 'https://example.com' };
    const { id } = await create('endpoints', { name: 'linked by a policy', channel: 'http', config });
    return { name: 'CPU above 90 %', endpoints: [id], match: { region: 'gz' }, enabled: false };
  },
};
