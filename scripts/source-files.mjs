import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Folders of generated, fetched or recorded files. */
const SKIPPED = new Set(['node_modules', 'dist', 'vendor', 'fixtures', 'generated']);

/** Files at or below a path with one of these extensions, relative to the root, in order. */
export function sourceFiles(root, path, extensions) {
  const start = join(root, path);
  if (statSync(start).isFile()) return [relative(root, start)];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry) => {
      const name = relative(root, join(start, entry.name));
      if (entry.isDirectory())
        return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : sourceFiles(root, name, extensions);
      return extensions.includes(entry.name.split('.').at(-1)) ? [name] : [];
    })
    .sort();
}
