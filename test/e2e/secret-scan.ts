import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { nodesOf, type RedisClient } from '#libs/redis';

/** Least length of a searched secret; shorter ones occur in any text by chance. */
const PART_CHARS_MIN = 6;
const QUERY_VALUE_CHARS_MIN = 8;
/** Least length of a searched part of a path; shorter ones are words of the provider's documents. */
const PATH_PART_CHARS_MIN = 12;

/** A secret and its secret parts: the credential of an `Authorization` value, the long parts of a URL. */
function partsOf(secret: string): string[] {
  const credential = /^(?:basic|bearer|token)\s+(\S+)$/i.exec(secret)?.[1];
  const url = /^https?:/i.test(secret) ? new URL(secret) : undefined;
  const inPath = url?.pathname.split('/').filter((part) => part.length >= PATH_PART_CHARS_MIN) ?? [];
  const inQuery = [...(url?.searchParams.values() ?? [])].filter((value) => value.length >= QUERY_VALUE_CHARS_MIN);
  return [secret, ...(credential ? [credential] : []), ...inPath, ...inQuery];
}

/** Texts one of which the base64 of any text with the secret must contain, at any offset. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const sure = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function formsOf(part: string): string[] {
  const bytes = Buffer.from(part);
  const hex = bytes.toString('hex');
  return [
    part,
    encodeURIComponent(part),
    JSON.stringify(part).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...inBase64(bytes),
  ];
}

export type Search = (where: string, bytes: Buffer | string) => void;

/** Searches for secrets in every encoding that can be reversed. */
export function createSearch(secrets: readonly string[]): { search: Search; found(): string[] } {
  const parts = [...new Set(secrets.flatMap(partsOf))].filter((part) => part.length >= PART_CHARS_MIN);
  const forms = [...new Set(parts.flatMap((part) => formsOf(part)))].map((form) => ({
    form,
    needle: Buffer.from(form),
  }));
  const found = new Map<string, string>();
  return {
    search(where, bytes) {
      const hay = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
      for (const { form, needle } of forms) {
        const at = hay.indexOf(needle);
        if (at >= 0) found.set(`${form} in ${where}`, around(hay, at));
      }
    },
    found: () => [...found].map(([what, text]) => `${what}: …${text}…`),
  };
}

const around = (bytes: Buffer, at: number): string =>
  bytes.toString('latin1', Math.max(at - 60, 0), at + 60).replace(/[^ -~]/g, '.');

/** Every file below a folder. */
export function searchFiles(folder: string, search: Search): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readIfThere(path);
    if (bytes) search(path, bytes);
  }
}

/** Reads a file, which a server may remove at any time. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Commands that read whole values, by the type of the key. */
const READ: Readonly<Record<string, (key: string) => [string, string[]]>> = {
  string: (key) => ['GET', [key]],
  hash: (key) => ['HGETALL', [key]],
  list: (key) => ['LRANGE', [key, '0', '-1']],
  set: (key) => ['SMEMBERS', [key]],
  zset: (key) => ['ZRANGE', [key, '0', '-1', 'WITHSCORES']],
  stream: (key) => ['XRANGE', [key, '-', '+']],
};

/** Every key of Redis with its value, read by type: dumps are compressed. */
export async function searchRedis(redis: RedisClient, search: Search): Promise<void> {
  for (const node of nodesOf(redis)) {
    for await (const keys of node.scanStream({ count: 1_000 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        const read = READ[await node.type(key)];
        if (!read) continue;
        const [command, args] = read(key);
        search(`Redis, ${key}`, Buffer.concat([Buffer.from(key), ...buffersIn(await node.callBuffer(command, args))]));
      }
    }
  }
}

function buffersIn(reply: unknown): Buffer[] {
  if (Array.isArray(reply)) return reply.flatMap(buffersIn);
  return Buffer.isBuffer(reply) ? [reply, Buffer.from('\n')] : [];
}

/** Reads every row of every table, and has the server write all of them to its files. */
export async function searchTables(url: string, search: Search): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    for (const { tablename } of tables.rows) {
      const { rows } = await client.query(`SELECT t::text AS row FROM "${tablename}" t`);
      for (const { row } of rows) search(`table ${tablename}`, row);
    }
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
