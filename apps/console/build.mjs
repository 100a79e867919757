// Builds the console into dist/apps/console/public, which the API serves. The files of public/ are served as they are.
import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const source = join(import.meta.dirname, 'public');
const target = resolve(import.meta.dirname, '../../dist/apps/console/public');

rmSync(target, { recursive: true, force: true });
cpSync(source, target, { recursive: true });
