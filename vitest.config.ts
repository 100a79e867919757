import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Sources are read as they stand, no build in between. By alias and not by the `source` condition of package.json's
// imports: vitest would hand that on to every Node process that a spec forks, and built programs would look for sources.
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const resolve = {
  alias: [
    { find: /^#libs\/([^/]+)$/, replacement: at('./libs/$1/src/index.ts') },
    // The schemas of one settings resource.
    { find: /^#libs\/settings\/([^/]+)$/, replacement: at('./libs/settings/src/$1/schemas.ts') },
  ],
};

/** Specs that compare wall-clock times, in the project `timing`. */
const TIMING = '{apps,libs,scripts,test}/**/*.timing.spec.ts';

export default defineConfig({
  test: {
    projects: [
      // Property tests take seconds on a busy machine.
      {
        resolve,
        test: {
          name: 'unit',
          include: ['{libs,apps,scripts}/**/*.spec.ts'],
          exclude: [TIMING],
          testTimeout: 30_000,
        },
      },
      {
        resolve,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.spec.ts'],
          exclude: [TIMING],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'timing',
          include: [TIMING],
          globalSetup: ['test/support/global-setup.ts'],
          // These specs compare wall-clock times: nothing else may run beside them.
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.spec.ts'],
          // Each brings whole systems of its own and measures times: one after the other.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
