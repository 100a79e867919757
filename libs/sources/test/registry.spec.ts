import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sourceByType, sources } from '#libs/sources';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = 'libs/sources/src';
const isForTests = (file: string) => /(\.spec|\/fixtures|\/fake-provider)\.ts$|^libs\/[^/]+\/test\//.test(file);

const folders = readdirSync(join(ROOT, HERE), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
  .map((entry) => entry.name);
const files = new Map(
  ['apps', 'libs']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .filter((file) => /\.(ts|js|mjs|html)$/.test(file) && !file.includes('node_modules') && !isForTests(file))
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);

/** Files that may name a source, with the reason. */
const MAY_NAME: Readonly<Record<string, string>> = {
  'libs/sources/src/kit/identify.ts': 'a label of that name, which names the replica that reported an alert',
};

describe('the registry of sources', () => {
  it('lists every folder, and the type of each source is the name of its folder', () => {
    expect(sources.map(({ type }) => type).sort()).toEqual(folders.sort());
  });

  it('finds a source by its type', () => {
    for (const source of sources) expect(sourceByType(source.type)).toBe(source);
    for (const other of ['', 'constructor', '__proto__', 'Grafana', 'kit']) expect(sourceByType(other)).toBeUndefined();
  });

  it.each(folders)('is the only file that imports anything of %s', (folder) => {
    const own = `${HERE}/${folder}/`;
    const importing = [...files].filter(
      ([file, text]) =>
        !file.startsWith(own) &&
        new RegExp(`from '[^']*/${folder}/[^']*'`).test(text) &&
        file.startsWith('libs/sources/'),
    );
    expect(importing.map(([file]) => file)).toEqual([`${HERE}/registry.ts`]);
  });

  it.each(folders)('is the only file outside the folder that names %s', (folder) => {
    const name = new RegExp(`(['"\`])${folder}\\1`);
    const naming = [...files].filter(([file, text]) => !file.startsWith(`${HERE}/${folder}/`) && name.test(text));
    expect(naming.map(([file]) => file).filter((file) => !(file in MAY_NAME))).toEqual([]);
  });

  it.each(['kit', ...folders])('has sources that read no clock, chance or environment: %s', (folder) => {
    for (const [file, text] of files)
      if (file.startsWith(`${HERE}/${folder}/`))
        expect(text, file).not.toMatch(
          /process\.env|Date\.now\(|new Date\(\)|performance\.now|Math\.random|randomUUID/,
        );
  });
});
