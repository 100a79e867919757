import { describe, expect, it } from 'vitest';
import { entryPoints, nodeArguments } from './entry-points.mjs';

describe('the bench finds the programs of a tree by its package.json', () => {
  it('reads the options of Node, the built file and its arguments', () => {
    expect(nodeArguments('start:api', 'exec node --enable-source-maps dist/apps/api/src/main.js')).toEqual([
      '--enable-source-maps',
      'dist/apps/api/src/main.js',
    ]);
    expect(nodeArguments('migrate', 'node dist/apps/cli/src/main.js migrate')).toEqual([
      'dist/apps/cli/src/main.js',
      'migrate',
    ]);
  });

  it('refuses a script that is missing or starts something else, and names it', () => {
    expect(() => nodeArguments('migrate', undefined)).toThrow('the script `migrate` is missing');
    expect(() => nodeArguments('start:api', 'nest start api')).toThrow('the script `start:api` is `nest start api`');
  });

  it('finds all three programs of this tree', () => {
    const found = entryPoints(`${import.meta.dirname}/../..`);
    for (const program of ['api', 'worker', 'migration'])
      expect(found[program]?.join(' ')).toMatch(/dist\/apps\/.*\.js/);
  });
});
