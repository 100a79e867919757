import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { type ServerProcess, startServer } from '../../apps/standalone/src/server-process.js';
import { type DebianProgram, findDebianProgram } from '../support/debian-programs.js';
import { waitFor } from '../support/index.js';

/** A monitoring program on a free port, with its settings and data in a temporary folder. */
export interface MonitoringProgram {
  readonly url: string;
  kill9(): Promise<void>;
  /** Starts it again on its data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

interface ProgramOptions {
  name: string;
  program: DebianProgram;
  wrapper?: readonly string[];
  /** Contents of its files by name; `config.yml` is its configuration. */
  files: Record<string, string>;
  args: readonly string[];
}

async function startProgram({ name, program, wrapper, files, args }: ProgramOptions): Promise<MonitoringProgram> {
  const folder = mkdtempSync(join(tmpdir(), `tocsin-${name}-`));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'log');
  let running: ServerProcess;

  async function start(): Promise<void> {
    running = await startServer({
      name,
      command: program.command,
      ...(wrapper && { wrapper }),
      args: [`--config.file=${join(folder, 'config.yml')}`, `--web.listen-address=127.0.0.1:${port}`, ...args],
      env: { PATH: process.env.PATH, ...program.env },
      cwd: folder,
      deathSignal: 'SIGKILL',
      stopSignals: [['SIGTERM', 5_000]],
      logFile,
    });
    await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, { timeoutMs: 20_000, what: `${name} to be ready` });
  }
  await start();
  return {
    url,
    async kill9() {
      running.kill('SIGKILL');
      await running.exit;
    },
    restart: start,
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Tocsin {
  url: string;
  key: string;
}

/**
 * Debian's Prometheus. It evaluates rules every second over scraped values, and sends firing alerts to Tocsin as its
 * Alertmanager, every second.
 */
export async function startPrometheus(
  tocsin: Tocsin,
  { scraped, rules }: { scraped: string; rules: string },
): Promise<MonitoringProgram> {
  const program = await findDebianProgram({
    name: 'prometheus',
    packages: ['prometheus'],
    program: 'usr/bin/prometheus',
    version: ['--version'],
  });
  const config = `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: test, honor_labels: true, static_configs: [{ targets: ['${new URL(scraped).host}'] }] }]
alerting:
  alertmanagers:
    - api_version: v2
      authorization: { credentials: '${tocsin.key}' }
      static_configs: [{ targets: ['${new URL(tocsin.url).host}'] }]
`;
  const args = ['--storage.tsdb.path=data', '--rules.alert.resend-delay=1s', '--log.level=warn'];
  return startProgram({ name: 'prometheus', program, files: { 'config.yml': config, 'rules.yml': rules }, args });
}

/** Debian's Alertmanager, which posts each alert at once to Tocsin's webhook, and its resolution too. */
export async function startAlertmanager(tocsin: Tocsin): Promise<MonitoringProgram> {
  const program = await findDebianProgram({
    name: 'alertmanager',
    packages: ['prometheus-alertmanager'],
    program: 'usr/bin/prometheus-alertmanager',
    version: ['--version'],
  });
  const config = `
route: { receiver: tocsin, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
receivers:
  - name: tocsin
    webhook_configs:
      - url: '${tocsin.url}/api/v1/ingest/alertmanager'
        send_resolved: true
        http_config: { authorization: { credentials: '${tocsin.key}' } }
`;
  return startProgram({
    name: 'alertmanager',
    program,
    ...(program.root !== '/' && { wrapper: withShare(join(program.root, 'usr/share')) }),
    files: { 'config.yml': config },
    args: ['--storage.path=data', '--cluster.listen-address=', '--log.level=warn'],
  });
}

/**
 * Runs a program in a namespace of its own, where its unpacked templates are mounted under /usr/share. Only root could
 * install them there.
 */
function withShare(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const script = 'mount --bind "$0" /usr/share && exec "$@"';
  return ['unshare', '--user', '--map-root-user', '--mount', '--', 'sh', '-c', script, folder];
}
