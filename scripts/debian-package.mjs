import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackProgram } from '../dist/apps/standalone/src/unpack-program.js';
import { ROOT } from './run.mjs';

/** Puts what is in a package of the distribution into the cache, unless it is there, without installing anything. */
export const unpackPackage = ({ name, debian, program }) =>
  unpackProgram({
    name,
    cacheFolders: [join(ROOT, '.cache')],
    choose: async () => [debian],
    probe: async (root) => (existsSync(join(root, program)) ? root : undefined),
    say: console.log,
  });
