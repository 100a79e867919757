import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const COPIED = [
  'apps',
  'libs',
  'scripts',
  'test',
  'package.json',
  'tsconfig.json',
  'tsconfig.test.json',
  'vitest.config.ts',
];
const REGISTRY = 'libs/settings/src/registry.ts';
const LINE = "export { pagers } from './pagers/index.js';\n";
const PAGERS = 'libs/settings/src/pagers/';
const MIGRATIONS = 'libs/persistence/src/migrations/';
const MIGRATION = 'Pagers1999999999999';

/** A resource with a secret, a default and a value that may be null, and no code beside its declaration. */
const FOLDER: Record<string, string> = {
  'schemas.ts': `import { z } from 'zod';
import { declareResource, immutable, nameSchema, readOnly, settable, teamKeySchema, TIMES } from '../fields/index.js';

export const pagerDeclaration = declareResource({
  name: 'pagers',
  one: 'a pager',
  key: ['id'],
  unique: 'name',
  fields: {
    id: readOnly(z.string(), { column: 'text' }),
    name: settable(nameSchema, { column: 'text' }),
    team: immutable(teamKeySchema.optional(), { column: 'text' }),
    pinCode: settable(z.string().min(4).meta({ writeOnly: true }), { column: 'text' }),
    beeps: settable(z.int().min(1).default(3), { column: 'integer' }),
    owner: settable(z.string().nullable().default(null), { column: 'text' }),
    ...TIMES,
  },
  examples: { create: { name: 'night shift', pinCode: '2580' }, patch: { beeps: 5 } },
});
`,
  'index.ts': `import { defineResource, entityOf } from '../resource.js';
import { pagerDeclaration } from './schemas.js';

export const pagers = defineResource({ declaration: pagerDeclaration, entity: entityOf(pagerDeclaration) });
`,
  'fixtures.ts': `import type { ResourceFixtures } from '../../test/resource-fixtures.js';

export const fixtures: ResourceFixtures = {
  body: (n) => ({ name: \`pager \${n}\`, pinCode: 'pin-246810' }),
  changes: async () => ({ beeps: 5, owner: 'ops' }),
  secrets: ['pin-246810'],
};
`,
};

const CREATE_TABLE = `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${MIGRATION} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`
      CREATE TABLE pagers (
        id text PRIMARY KEY,
        name text NOT NULL,
        team text NOT NULL REFERENCES teams (key),
        pin_code text NOT NULL,
        beeps integer NOT NULL,
        owner text,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        UNIQUE (team, name)
      )\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pagers');
  }
}
`;

const copy = mkdtempSync(join(tmpdir(), 'tocsin-new-resource-'));
afterAll(() => rmSync(copy, { recursive: true }));

const read = (root: string, file: string): string => readFileSync(join(root, file), 'utf8');

function write(file: string, text: string): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), text);
}

function addPagers(): void {
  for (const [file, text] of Object.entries(FOLDER)) write(PAGERS + file, text);
  write(REGISTRY, read(copy, REGISTRY) + LINE);
  write(`${MIGRATIONS}1999999999999-pagers.ts`, CREATE_TABLE);
  const list = read(copy, `${MIGRATIONS}index.ts`);
  write(
    `${MIGRATIONS}index.ts`,
    `import { ${MIGRATION} } from './1999999999999-pagers.js';\n${list.replace(/\];\s*$/, `  ${MIGRATION},\n];\n`)}`,
  );
}

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

interface Run {
  ok: boolean;
  output: string;
}

/** A program of Node in the copy, as if it had been started by hand. */
function run(...args: string[]): Promise<Run> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$/.test(name)));
  return new Promise((resolve) =>
    execFile(process.execPath, args, { cwd: copy, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    ),
  );
}

describe('a settings resource that is added by its folder, one line and a migration', () => {
  beforeAll(() => {
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    for (const name of ['node_modules', '.cache']) symlinkSync(join(ROOT, name), join(copy, name));
    write(
      'tsconfig.settings.json',
      JSON.stringify({
        extends: './tsconfig.test.json',
        include: ['libs/settings/**/*.ts', 'libs/**/*.d.ts'],
        exclude: [],
      }),
    );
    addPagers();
  });

  it('touches nothing else', () => {
    const touched = COPIED.flatMap((name) =>
      /\./.test(name) ? [name] : filesIn(join(copy, name)).map((file) => `${name}/${file}`),
    )
      .filter((file) => !file.startsWith(PAGERS) && !file.startsWith(MIGRATIONS))
      .filter((file) => read(copy, file) !== read(ROOT, file));
    expect(touched).toEqual([REGISTRY]);
    expect(read(copy, REGISTRY).replace(LINE, '')).toBe(read(ROOT, REGISTRY));
  });

  it('type-checks', async () => {
    const { ok, output } = await run('node_modules/typescript7/bin/tsc', '-p', 'tsconfig.settings.json');
    expect(output).toBe('');
    expect(ok).toBe(true);
  }, 120_000);

  it('keeps to the import rules, and its schemas run without a database', async () => {
    const imports = await run('scripts/check-imports.mjs');
    expect(imports.ok, imports.output).toBe(true);
    expect(imports.output).not.toContain('libs/settings');
    const schemas = await run(
      'node_modules/vitest/vitest.mjs',
      ...['run', '--project', 'unit', 'libs/settings/test/schemas-alone', '-t', 'pagers'],
    );
    expect(schemas.output).toMatch(/Tests +1 passed/);
  }, 120_000);

  it('is served by the API, and passes the suite on the table of its migration', async () => {
    const { ok, output } = await run(
      'node_modules/vitest/vitest.mjs',
      ...['run', '--project', 'integration', 'test/integration/settings/suite', 'test/integration/persistence/migrate'],
      ...['-t', 'the resource pagers|the tables that the entities describe'],
    );
    expect(output).toMatch(/Test Files +2 passed/);
    expect(output).toMatch(/Tests +19 passed/);
    expect(ok, output).toBe(true);
  }, 180_000);
});
