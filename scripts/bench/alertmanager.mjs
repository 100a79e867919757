import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackPackage } from '../debian-package.mjs';
import { ROOT } from '../run.mjs';
import { freePort, startServer } from './standalone.mjs';
import { waitFor } from './wait-for.mjs';

const exec = promisify(execFile);
const PACKAGE = 'prometheus-alertmanager';
const UNPACKED = join(ROOT, '.cache/alertmanager');
const PROGRAM = join(UNPACKED, 'usr/bin/prometheus-alertmanager');

/**
 * Runs Alertmanager in a mount namespace where the unpacked package is mounted on /usr/share. It reads its templates
 * from there, and only root may write there.
 */
const WRAPPER = [
  ...['unshare', '--user', '--map-root-user', '--mount', '--'],
  ...['sh', '-c', 'mount --bind "$0" /usr/share && exec "$@"', join(UNPACKED, 'usr/share')],
];

/** Unpacks Debian's package without installing it. Logs the reason and returns undefined if that fails. */
export async function findAlertmanager() {
  try {
    await unpackPackage({ name: 'alertmanager', debian: PACKAGE, program: 'usr/bin/prometheus-alertmanager' });
    const { stdout, stderr } = await exec(WRAPPER[0], [...WRAPPER.slice(1), PROGRAM, '--version']);
    return { version: /version (\S+)/.exec(stdout + stderr)?.[1] ?? '?' };
  } catch (error) {
    console.log(`Skipping Alertmanager: Debian's package ${PACKAGE} does not run here (${firstLine(error)}).`);
    return undefined;
  }
}

const firstLine = (error) => String(error.stderr || error.message).split('\n', 1)[0];

/** Sends each alert at once as a group of its own, as Tocsin sends each event. */
const configOf = (receiverUrl) => `
route: { receiver: hook, group_by: ['...'], group_wait: 0s, group_interval: 1h, repeat_interval: 4h }
receivers: [{ name: hook, webhook_configs: [{ url: '${receiverUrl}', send_resolved: false }] }]
`;

export async function startAlertmanager(root, receiverUrl) {
  const folder = join(root, 'alertmanager');
  mkdirSync(folder);
  const config = join(folder, 'config.yml');
  writeFileSync(config, configOf(receiverUrl));
  const port = await freePort();
  let running;

  async function start() {
    running = await startServer({
      name: 'Alertmanager',
      wrapper: WRAPPER,
      command: PROGRAM,
      args: [
        `--config.file=${config}`,
        `--storage.path=${mkdtempSync(join(folder, 'data-'))}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      env: { PATH: process.env.PATH },
      deathSignal: 'SIGTERM',
      stopSignals: [['SIGTERM', 5_000]],
      logFile: join(folder, 'alertmanager.log'),
    });
    await waitFor(() => isReady(port), 20_000, 'Alertmanager to be ready');
  }
  await start();
  return {
    name: 'Alertmanager',
    port,
    path: '/api/v2/alerts',
    headers: { 'content-type': 'application/json' },
    body: (alerts) => alerts.map(asPostableAlert),
    /** Restarts Alertmanager, which otherwise holds a timer in memory for every group it has seen. */
    async rest() {
      await running.stop();
      await start();
    },
    stop: () => running.stop(),
  };
}

function asPostableAlert({ policy, object, level, title, value, unit, labels: { sent, ...labels } }) {
  return {
    labels: { alertname: policy, object, severity: level, ...labels },
    annotations: { title, value: `${value} ${unit}`, ...(sent && { sent }) },
  };
}

const isReady = (port) =>
  fetch(`http://127.0.0.1:${port}/-/ready`).then(
    (response) => response.ok,
    () => false,
  );
