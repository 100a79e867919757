import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { NPM_CI, npmCommand } from '../prepare.mjs';
import { Advice, ROOT, run } from '../run.mjs';

const TREES = join(ROOT, '.cache/bench-against');
/** Written into a tree after its build, so that one that is half built is built again. */
const BUILT = '.bench-built';
/** Written into the packages of a tree: the hash of the package-lock.json that they were installed from. */
const INSTALLED = 'node_modules/.bench-installed';

/** The full hash of a commit of this repository, which may be given as a hash, a branch or a tag. */
export function resolveCommit(name, root = ROOT) {
  try {
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).trim();
  } catch (error) {
    throw new Advice(
      error.code === 'ENOENT' ? '`--against` needs git, which is not on the PATH.' : adviceOn(name, root),
    );
  }
}

function adviceOn(name, root) {
  try {
    git(root, ['rev-parse', '--git-dir']);
  } catch {
    return `\`--against ${name}\`: ${root} is not a git repository. Clone the project with git to compare commits.`;
  }
  return (
    `\`--against ${name}\`: the repository has no commit of this name. Allowed are a hash, a branch or a tag;\n` +
    '`git log --oneline` lists commits, `git branch` lists branches.'
  );
}

/** The folder with the sources and the build of a commit. It is made once a commit and reused afterwards. */
export async function prepareCommit(sha) {
  const tree = join(TREES, sha);
  if (!existsSync(tree)) exportCommit(sha, tree);
  await providePackages(tree);
  if (existsSync(join(tree, BUILT))) return tree;
  console.log(`Building ${sha.slice(0, 7)} …`);
  const npm = npmCommand();
  const code = await run(npm.command, [...npm.args, 'run', '--silent', 'build'], { cwd: tree });
  if (code !== 0) throw new Advice(`${sha.slice(0, 7)} does not build (exit code ${code}); see above.`);
  writeFileSync(join(tree, BUILT), '');
  return tree;
}

/** Sources without a registered worktree: `git archive` leaves nothing behind in the repository. */
function exportCommit(sha, tree) {
  const [unpacked, archive] = [`${tree}.new`, `${tree}.tar`];
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  git(ROOT, ['archive', '--format=tar', `--output=${archive}`, sha]);
  execFileSync('tar', ['-xf', archive, '-C', unpacked]);
  rmSync(archive);
  renameSync(unpacked, tree);
}

/** The packages of the present tree where the lock files are equal, packages of its own otherwise. */
async function providePackages(tree) {
  const packages = join(tree, 'node_modules');
  const lock = readFileSync(join(tree, 'package-lock.json'));
  const isLink = lstatSync(packages, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (lock.equals(readFileSync(join(ROOT, 'package-lock.json')))) {
    if (isLink) return;
    rmSync(packages, { recursive: true, force: true });
    symlinkSync(join(ROOT, 'node_modules'), packages);
    return;
  }
  if (isLink) rmSync(packages);
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(tree, INSTALLED);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.log(`Installing the packages of ${tree} …`);
  const npm = npmCommand();
  const code = await run(npm.command, [...npm.args, ...NPM_CI], { cwd: tree });
  if (code !== 0) throw new Advice(`The packages of ${tree} could not be installed (exit code ${code}); see above.`);
  writeFileSync(stamp, hash);
}

const git = (root, args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
