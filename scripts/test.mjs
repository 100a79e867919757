// npm test: installs and builds what is missing, then every check the project has; ends at the first that fails.
// npm test -- unit | integration | timing | e2e | checks    one kind;    npm test -- <part of a path>    the specs that match.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { findNode, main, run, runTool } from './run.mjs';

const PROJECTS = ['unit', 'integration', 'timing', 'e2e'];
const RESULTS = join(tmpdir(), `tocsin-test-results-${process.pid}.json`);
/** Two at once: integration specs wait for real servers more than they compute, and each has its own. */
const AT_ONCE = { unit: ['--maxWorkers=2'], integration: ['--maxWorkers=2'] };
const CHECKS = [
  ['lint and format', () => runTool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])],
  ['types, of the specs too', () => runTool('typescript7/bin/tsc', ['-p', 'tsconfig.test.json'])],
  ['types of the console', () => runTool('typescript7/bin/tsc', ['-p', 'apps/console'])],
  ['imports', () => run(findNode(), ['scripts/check-imports.mjs'])],
  ['language', () => run(findNode(), ['scripts/check-language.mjs'])],
  ['sizes of files and functions', () => run(findNode(), ['scripts/check-sizes.mjs'])],
];

const totals = { passed: 0, failed: 0 };

async function runChecks() {
  for (const [name, check] of CHECKS) {
    console.log(`\n=== ${name}`);
    if ((await check()) !== 0) return fail(name);
  }
  return true;
}

async function runSpecs(project, filters) {
  console.log(`\n=== specs: ${project}`);
  const code = await runTool('vitest/vitest.mjs', [
    ...['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json'],
    ...[`--outputFile.json=${RESULTS}`, ...(AT_ONCE[project] ?? []), ...filters],
  ]);
  const failedBefore = totals.failed;
  addResults();
  if (code === 0) return true;
  // A spec that does not load has no failed test, but counts as failed.
  if (totals.failed === failedBefore) totals.failed++;
  return fail(`${project} specs`, 0);
}

function addResults() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(RESULTS, 'utf8'));
    totals.passed += numPassedTests;
    totals.failed += numFailedTests;
  } catch {
    // vitest ended before it could write; its exit code shows the failure.
  }
  rmSync(RESULTS, { force: true });
}

function fail(what, count = 1) {
  totals.failed += count;
  console.log(`\nFailed: ${what}; see above. The rest was not run.`);
  return false;
}

async function runAll(words) {
  const kinds = words.filter((word) => PROJECTS.includes(word));
  const filters = words.filter((word) => !PROJECTS.includes(word) && word !== 'checks');
  const chosen = kinds.length > 0 || words.includes('checks') ? kinds : PROJECTS;
  if (words.length === 0 || words.includes('checks')) if (!(await runChecks())) return false;
  for (const project of chosen) if (!(await runSpecs(project, filters))) return false;
  return true;
}

main(async () => {
  const words = process.argv.slice(2);
  await prepare();
  const passed = await runAll(words);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  return passed ? 0 : 1;
});
