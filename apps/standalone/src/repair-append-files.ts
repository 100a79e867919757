import {
  createReadStream,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type AppendFileScan, type Span, scanAppendFile } from './scan-append-file.js';

const MIB = 1024 * 1024;
/** Upper bound on the size of a base without data. */
const EMPTY_BYTES = 1024;

/**
 * Checks the append-only files before Redis starts on them. Holes and an incomplete end are cut out; the damaged file is
 * kept in a folder beside, with a report. Redis 7 itself would stop at a hole, and start empty without a manifest.
 * @throws if files are missing or unreadable, or if there is no room for the repaired file; then nothing was changed
 */
export async function repairAppendFiles(folder: string, say: (text: string) => void): Promise<void> {
  const files = join(folder, 'appendonlydir');
  if (!existsSync(files)) return;
  // A rewrite that was killed leaves its file, as large as the data.
  for (const parent of [folder, files]) {
    const left = readdirSync(parent).filter((name) => /^temp-rewriteaof-.*\.aof$/.test(name));
    for (const name of left) await rm(join(parent, name), { force: true });
  }
  for (const name of listedFiles(files)) {
    const path = join(files, name);
    const scan = await scanAppendFile(path);
    if (scan.unreadableAt !== undefined) {
      throw new Error(
        `${path} is damaged at byte ${scan.unreadableAt} of ${scan.bytes}, and cannot be repaired without loss. ` +
          'Redis was not started and nothing was changed. Keep a copy of the folder; `redis-check-aof --fix` would cut ' +
          `the ${scan.bytes - scan.unreadableAt} bytes from there on`,
      );
    }
    if (scan.holes.length > 0 || scan.tail) await repair({ folder, files, name, scan, say });
  }
}

/** Names of the incremental files in the manifest, all of whose files exist. */
function listedFiles(files: string): string[] {
  const names = readdirSync(files);
  const manifest = names.find((name) => name.endsWith('.manifest') && !name.startsWith('temp'));
  if (manifest === undefined) {
    const data = names.filter((name) => /\.(aof|rdb)$/.test(name));
    // The first start may be killed after its empty base and before its manifest.
    if (data.every((name) => name.endsWith('.1.base.rdb') && statSync(join(files, name)).size < EMPTY_BYTES)) return [];
    throw new Error(
      `${files} has append-only files but no manifest, and Redis would start empty. ` +
        'Restore the manifest from a backup, or move the folder away to start empty',
    );
  }
  const listed = [...readFileSync(join(files, manifest), 'utf8').matchAll(/^file (\S+) seq \d+ type ([bih])/gm)];
  const missing = listed.filter(([, name, type]) => type !== 'h' && !names.includes(name as string));
  if (missing.length > 0) {
    throw new Error(
      `${files} lacks ${missing.map(([, name]) => name).join(', ')}, which its manifest lists. ` +
        'Restore it from a backup, or move the folder away to start empty',
    );
  }
  return listed.filter(([, , type]) => type === 'i').map(([, name]) => name as string);
}

interface Damage {
  folder: string;
  files: string;
  name: string;
  scan: AppendFileScan;
  say(text: string): void;
}

async function repair({ folder, files, name, scan, say }: Damage): Promise<void> {
  const path = join(files, name);
  const { bavail, bsize } = statfsSync(files);
  if (bavail * bsize < scan.bytes + MIB) {
    throw new Error(
      `${path} is damaged, and its repair needs ${Math.ceil(scan.bytes / MIB) + 1} MiB of free space in ${files}; ` +
        `${Math.floor((bavail * bsize) / MIB)} MiB are free. Make room there and start again; nothing was changed`,
    );
  }
  const kept = join(folder, `damaged-${new Date().toISOString().replaceAll(':', '-')}`);
  await mkdir(kept, { mode: 0o700 });
  const repaired = join(files, `temp-repaired-${name}`);
  await copyWithout(path, repaired, [...scan.holes, ...(scan.tail ? [scan.tail] : [])], scan.bytes);
  await link(path, join(kept, name));
  const report = describe(path, scan, join(kept, name));
  await writeFile(join(kept, 'report.txt'), `${report}\n`, { mode: 0o600 });
  await rename(repaired, path);
  say(report);
}

async function copyWithout(from: string, to: string, cut: readonly Span[], bytes: number): Promise<void> {
  await rm(to, { force: true });
  let at = 0;
  for (const span of [...cut, { from: bytes, to: bytes }]) {
    const source = createReadStream(from, { start: at, end: Math.max(at, span.from - 1) });
    if (span.from > at) await pipeline(source, createWriteStream(to, { flags: 'a', mode: 0o600 }));
    else source.destroy();
    at = span.to;
  }
  const file = await open(to, 'a', 0o600);
  await file.sync();
  await file.close();
}

function describe(path: string, { bytes, commands, holes, tail }: AppendFileScan, copy: string): string {
  const parts = [`repaired ${path} (${bytes} bytes): ${commands} commands are kept`];
  for (const { from, to } of holes) {
    const loss = to === bytes ? 'a power cut may have lost the last writes there' : 'nothing was lost by it';
    parts.push(`took out a hole of ${to - from} zero bytes at byte ${from}; ${loss}`);
  }
  if (tail) {
    const command = tail.command === undefined ? 'command' : `command ${tail.command}`;
    parts.push(`cut ${tail.to - tail.from} bytes at byte ${tail.from}: one incomplete ${command}, which is lost`);
  }
  return [...parts, `the damaged file is kept: ${copy}`].join('; ');
}
