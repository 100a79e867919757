import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const FOLDER = import.meta.dirname;
const IMPORT = /(?:import|export|const) \{([^}]+)\} (?:from |= await import\()'(\.\.\/\.\.\/dist\/[^']+)'/g;

const imports = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.mjs'))
  .flatMap((name) =>
    [...readFileSync(join(FOLDER, name), 'utf8').matchAll(IMPORT)].map(([, names = '', path = '']) => ({
      file: name,
      names: names.split(',').map((text) => text.trim()),
      source: path.replace('../dist/', '../').replace(/\.js$/, '.ts'),
    })),
  );

/** The text of a source, and for an index also that of the files it exports from. */
function textOf(source: string): string {
  const path = join(FOLDER, source);
  const text = readFileSync(path, 'utf8');
  const exported = [...text.matchAll(/^export \*.* from '(\.\/[^']+)\.js'/gm)].map(([, file]) => `${file}.ts`);
  return [text, ...exported.map((file) => textOf(join(source, '..', file)))].join('\n');
}

describe('no compiler sees the scripts, so each import of a built file is compared with the sources', () => {
  it('the bench imports built files', () => expect(imports.length).toBeGreaterThan(0));

  it.each(imports)('$file imports $names from a source that exports them', ({ names, source }) => {
    expect(existsSync(join(FOLDER, source)), source).toBe(true);
    const text = textOf(source);
    for (const name of names) expect(text).toMatch(new RegExp(`export [^;]*\\b${name}\\b`));
  });
});
