import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './run.mjs';

/** Writes a request as the fixture `<source>/<name>` of libs/sources. @param by the program that sent it, with its version */
export function recordRequest(fixture, by, { method, path, headers, body }) {
  const [source, name] = fixture.split('/');
  const file = join(ROOT, 'libs/sources/src', source, 'fixtures', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ recorded: by, method, path, headers, body }, null, 2)}\n`);
}
