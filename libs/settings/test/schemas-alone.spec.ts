import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RESOURCES = 'libs/settings/src';

/** The modules that a file loads: types are erased, and load nothing. */
function importsOf(file: string): string[] {
  const { body } = parseAst(readFileSync(join(ROOT, file), 'utf8'), { lang: 'ts' });
  return body.flatMap((node) => {
    if (!('source' in node) || !node.source) return [];
    const kinds = 'importKind' in node ? [node.importKind] : 'exportKind' in node ? [node.exportKind] : [];
    return kinds.includes('type') ? [] : [String(node.source.value)];
  });
}

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier).replace(/\.js$/, '.ts');
  const [, library] = /^#libs\/([^/]+)$/.exec(specifier) ?? [];
  return library && `libs/${library}/src/index.ts`;
}

/** Every package that a file loads, by itself or through files of the repository. */
function packagesOf(start: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set([start]);
  for (const file of seen)
    for (const specifier of importsOf(file)) {
      const target = resolve(file, specifier);
      if (target === undefined) packages.add(specifier);
      else seen.add(target);
    }
  return packages;
}

/** Modules of Node that files of the contracts load, but no schema uses: a bundler for browsers drops them. */
const UNUSED = ['node:net', 'node:url'];

const names = readdirSync(join(ROOT, RESOURCES)).filter((name) =>
  existsSync(join(ROOT, RESOURCES, name, 'schemas.ts')),
);

it.each(names)('the schemas of %s load no database and no Nest', (name) => {
  const packages = [...packagesOf(`${RESOURCES}/${name}/schemas.ts`)];
  expect(packages).toContain('zod');
  expect(packages.filter((one) => /^(typeorm|pg|reflect-metadata|ioredis|bullmq|@nestjs\/)/.test(one))).toEqual([]);
  const ofNode = packages.filter((one) => one.startsWith('node:') || builtinModules.includes(one));
  expect(ofNode.filter((one) => !UNUSED.includes(one))).toEqual([]);
});

it('finds the database where it is loaded', () => {
  expect([...packagesOf(`${RESOURCES}/registry.ts`)]).toContain('typeorm');
});
