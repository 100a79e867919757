import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installSchemathesis } from './install.js';

/** A check that does not hold for some operations, or holds with further statuses. */
export interface Exception {
  check: string;
  /** `METHOD /path`, as in the OpenAPI document. */
  operations: readonly string[];
  /** Statuses that the check also accepts; without them the operations are not checked by it. */
  accepts?: readonly number[];
  because: string;
}

export interface FuzzOptions {
  url: string;
  key: string;
  seed: number;
  /** Test cases of an operation in the fuzzing phase. */
  examples: number;
  exceptions: readonly Exception[];
  /** Time after which the tool is ended, in milliseconds. */
  timeoutMs: number;
}

/** Result of a run, with the members of the tool's JSON report that are read. */
export interface FuzzReport {
  operations: { total: number; tested: number; errored: number; skipped: number };
  test_cases: { generated: number; unique_failures: number; errored: number };
  errors: unknown[];
  complete: boolean;
  /** Output for people: each failure with its request. */
  output: string;
}

/** Statuses that the tool accepts by default, by check. */
const ACCEPTED: Record<string, readonly string[]> = {
  positive_data_acceptance: ['2xx', '3xx', '401', '403', '404', '409', '429', '5xx'],
  negative_data_rejection: ['400', '401', '403', '404', '405', '406', '409', '415', '422', '428', '429', '5xx'],
};

/** Runs schemathesis over the OpenAPI document of a server, with all its checks but the exceptions. */
export async function runSchemathesis(options: FuzzOptions): Promise<FuzzReport> {
  const { command, script, env } = await installSchemathesis();
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-schemathesis-'));
  try {
    const report = join(folder, 'report.json');
    const config = join(folder, 'schemathesis.toml');
    writeFileSync(config, configOf(options));
    const args = [script, '--config-file', config, 'run', `${options.url}/openapi.json`, '--report', 'json'];
    const output = await new Promise<string>((settle) => {
      execFile(
        command,
        [...args, '--report-json-path', report, '--no-color'],
        { cwd: folder, env: { ...process.env, ...env }, timeout: options.timeoutMs, maxBuffer: 64 * 1_024 * 1_024 },
        (_error, stdout, stderr) => settle(stdout + stderr),
      );
    });
    return { ...readReport(report, output), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string, output: string): Omit<FuzzReport, 'output'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`schemathesis wrote no report; it printed:\n${output}`, { cause: error });
  }
}

function configOf({ key, seed, examples, exceptions }: FuzzOptions): string {
  const lines = [
    `seed = ${seed}`,
    'workers = 1',
    'continue-on-failure = true',
    'suppress-health-check = ["all"]',
    `hooks = ${JSON.stringify(join(import.meta.dirname, 'hooks.py'))}`,
    `headers = { Authorization = ${JSON.stringify(`Bearer ${key}`)} }`,
    // It needs keys of two users who may not see each other's resources.
    'checks.object_level_authorization.enabled = false',
    `generation = { max-examples = ${examples}, database = "none" }`,
    // The coverage phase sends the examples too.
    'phases.examples.enabled = false',
    'phases.stateful.enabled = false',
  ];
  for (const exception of exceptions) {
    for (const operation of exception.operations) {
      lines.push('[[operations]]', `include-name = ${JSON.stringify(operation)}`, settingOf(exception));
    }
  }
  return `${lines.join('\n')}\n`;
}

function settingOf({ check, accepts }: Exception): string {
  if (!accepts) return `checks.${check}.enabled = false`;
  return `checks.${check}.expected-statuses = ${JSON.stringify([...(ACCEPTED[check] ?? []), ...accepts.map(String)])}`;
}
