import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Merges the `.env` file of a folder with the environment of the process, which takes precedence. */
export function readEnvironment(folder = process.cwd(), real: Environment = process.env): Environment {
  return { ...readEnvFile(join(folder, '.env')), ...real };
}

function readEnvFile(path: string): Environment {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`cannot read ${path}`, { cause: error });
  }
  return parseEnv(text);
}
