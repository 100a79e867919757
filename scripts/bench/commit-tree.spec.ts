import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveCommit } from './commit-tree.mjs';

const repository = mkdtempSync(join(tmpdir(), 'tocsin-bench-commit-'));
const plain = mkdtempSync(join(tmpdir(), 'tocsin-bench-plain-'));
afterAll(() => {
  for (const folder of [repository, plain]) rmSync(folder, { recursive: true });
});
const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();

git('init', '--quiet');
writeFileSync(join(repository, 'a.txt'), 'a');
git('add', '.');
git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'a');
git('tag', 'v1');

describe('a commit to compare with', () => {
  it('is found by its hash, a part of it, a tag, or relative to another', () => {
    const sha = git('rev-parse', 'HEAD');
    for (const name of [sha, sha.slice(0, 8), 'v1', 'HEAD']) expect(resolveCommit(name, repository)).toBe(sha);
  });

  it.each(['nope', '0123456789', 'HEAD~1', '', '--all'])('%j is refused, with what is allowed', (name) => {
    expect(() => resolveCommit(name, repository)).toThrow('Allowed are a hash, a branch or a tag');
    expect(() => resolveCommit(name, repository)).toThrow(`\`--against ${name}\``);
  });

  it('is refused outside a repository', () => {
    expect(() => resolveCommit('HEAD', plain)).toThrow('is not a git repository');
  });
});
