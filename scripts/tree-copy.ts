import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const COPIED = [
  'apps',
  'libs',
  'scripts',
  'test',
  'docker-compose.yml',
  'package.json',
  'tsconfig.json',
  'tsconfig.test.json',
  'vitest.config.ts',
];

/** The result of a program: whether it exited with 0, and everything that it printed. */
export interface Run {
  ok: boolean;
  output: string;
}

/** A copy of the tree to which a spec adds a plug-in. */
export class TreeCopy {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tocsin-copy-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.folder, file));
  }

  /** The files of a folder of the original, which ends with a slash, by their paths below it. */
  filesOf(folder: string): string[] {
    return filesIn(join(ROOT, folder.slice(0, -1)));
  }

  original(file: string): string {
    return readFileSync(join(ROOT, file), 'utf8');
  }

  /** Files outside a folder that differ from the original. */
  touchedOutside(folder: string): string[] {
    return COPIED.flatMap((name) =>
      /\./.test(name) ? [name] : filesIn(join(this.folder, name)).map((file) => `${name}/${file}`),
    )
      .filter((file) => !file.startsWith(folder))
      .filter((file) => this.read(file) !== this.original(file));
  }

  /** Runs a program of Node in the copy, as if it had been started by hand. */
  run(...args: string[]): Promise<Run> {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$/.test(name)));
    return new Promise((resolve) =>
      execFile(process.execPath, args, { cwd: this.folder, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
        resolve({ ok: error === null, output: stdout + stderr }),
      ),
    );
  }

  checkImports(): Promise<Run> {
    return this.run('scripts/check-imports.mjs');
  }

  /** Runs the unit specs in some files, with titles that match. */
  runSpecs(files: readonly string[], titles: string): Promise<Run> {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit'];
    return this.run(...vitest, ...files, '-t', titles);
  }

  /** Checks the types of some files of the copy. */
  checkTypes(include: readonly string[], exclude: readonly string[] = []): Promise<Run> {
    this.write('tsconfig.part.json', JSON.stringify({ extends: './tsconfig.test.json', include, exclude }));
    return this.run('node_modules/typescript7/bin/tsc', '-p', 'tsconfig.part.json');
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
