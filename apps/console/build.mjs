// Builds the console into dist/apps/console/public, which the API serves.
import { join } from 'node:path';
import { build } from 'vite';

await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
