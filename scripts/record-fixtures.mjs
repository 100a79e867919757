// Records requests of Debian's Prometheus and Alertmanager as fixtures of libs/sources. Takes half a minute, after a build:
//   node scripts/record-fixtures.mjs
// Both are unpacked without being installed. Prometheus scrapes this process, whose gauges make two rules fire and recover.
// It posts its alerts to this process and to an Alertmanager, which posts them to its webhooks here.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpackPackage } from './debian-package.mjs';
import { recordRequest as record } from './record-request.mjs';
import { ROOT } from './run.mjs';

const work = mkdtempSync(join(tmpdir(), 'tocsin-record-'));
const unpacked = (name) => join(ROOT, '.cache', name);
const PROMETHEUS = join(unpacked('prometheus'), 'usr/bin/prometheus');
const ALERTMANAGER = join(unpacked('alertmanager'), 'usr/bin/prometheus-alertmanager');
/** Debian's Alertmanager looks for its templates under /usr/share; in a namespace of its own they stand there. */
const AT_USR_SHARE = [
  ...['unshare', '--user', '--map-root-user', '--mount', '--'],
  ...['sh', '-c', 'mount --bind "$0" /usr/share && exec "$@"', join(unpacked('alertmanager'), 'usr/share')],
];

const posts = [];
const gauges = { disk: 1, load: 0 };
const receiver = createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(metrics());
  const chunks = await request.toArray();
  posts.push({
    path: request.url,
    headers: request.headers,
    method: request.method,
    body: JSON.parse(Buffer.concat(chunks).toString()),
  });
  response.end();
});

const metrics = () =>
  [
    `disk_full{mount="C:\\\\data \\"a\\"",note="数据盘 <&> 50%",empty=""} ${gauges.disk}`,
    `load{host="db1"} ${gauges.load}`,
    `load{host="db2"} ${gauges.load}`,
    `load{host="db3"} ${gauges.load}`,
    '',
  ].join('\n');

const rules = `
groups:
  - name: recorded
    interval: 1s
    rules:
      - alert: DiskFull
        expr: disk_full > 0
        labels: { severity: Critical }
        annotations: { summary: '磁盘 {{ $labels.mount }} is full', description: "line one\\nline \\"two\\" <b>&amp;</b> {{ $value }}" }
      - alert: HighLoad
        expr: load > 20
        labels: { severity: warning }
        annotations: { summary: 'load of {{ $labels.host }}', description: 'is {{ $value }}' }
`;

const prometheusConfig = (receiverPort, alertmanagerPort) => `
global: { scrape_interval: 1s, evaluation_interval: 1s, external_labels: { prometheus: monitoring/k8s, prometheus_replica: r0, region: gz } }
rule_files: [rules.yml]
scrape_configs: [{ job_name: recorded, static_configs: [{ targets: ['127.0.0.1:${receiverPort}'] }] }]
alerting:
  alertmanagers:
    - { path_prefix: /prometheus, static_configs: [{ targets: ['127.0.0.1:${receiverPort}'] }] }
    - { static_configs: [{ targets: ['127.0.0.1:${alertmanagerPort}'] }] }
`;

const alertmanagerConfig = (port) => `
route:
  { receiver: all, group_by: [region], group_wait: 1s, group_interval: 2s, repeat_interval: 4s, routes: [{ receiver: first, continue: true }, { receiver: all }] }
receivers:
  - { name: all, webhook_configs: [{ url: 'http://127.0.0.1:${port}/alertmanager' }] }
  - { name: first, webhook_configs: [{ url: 'http://127.0.0.1:${port}/truncated', max_alerts: 1 }] }
`;

/** The first post to a path that matches, after the first `from` posts. */
async function posted(path, matches, from = 0) {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = posts.slice(from).find((post) => post.path.startsWith(path) && matches(post.body));
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`no matching post to ${path} among ${posts.length} posts`);
}

const versionOf = (command, args) =>
  execFileSync(command, [...args, '--version'])
    .toString()
    .split(' (')[0];
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
const run = (command, args) => spawn(command, args, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] });

const ALERTMANAGER_IN_PACKAGE = 'usr/bin/prometheus-alertmanager';
await unpackPackage({ name: 'prometheus', debian: 'prometheus', program: 'usr/bin/prometheus' });
await unpackPackage({ name: 'alertmanager', debian: 'prometheus-alertmanager', program: ALERTMANAGER_IN_PACKAGE });
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const { port } = receiver.address();
const alertmanagerPort = await freePort();
writeFileSync(join(work, 'rules.yml'), rules);
writeFileSync(join(work, 'prometheus.yml'), prometheusConfig(port, alertmanagerPort));
writeFileSync(join(work, 'alertmanager.yml'), alertmanagerConfig(port));
const alertmanager = run(AT_USR_SHARE[0], [
  ...AT_USR_SHARE.slice(1),
  ALERTMANAGER,
  ...['--config.file=alertmanager.yml', '--storage.path=am', '--cluster.listen-address=', '--log.level=error'],
  `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
]);
await sleep(2_000);
const prometheus = run(PROMETHEUS, [
  ...['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', '--log.level=error', '--rules.alert.resend-delay=2s'],
  `--web.listen-address=127.0.0.1:${await freePort()}`,
]);
try {
  const byPrometheus = versionOf(PROMETHEUS, []);
  const byAlertmanager = versionOf(AT_USR_SHARE[0], [...AT_USR_SHARE.slice(1), ALERTMANAGER]);
  const isFiring = ({ endsAt }) => Date.parse(endsAt) > Date.now();
  record('prometheus/firing', byPrometheus, await posted('/prometheus', (alerts) => alerts.some(isFiring)));
  const repeatedFrom = posts.length;
  record(
    'prometheus/repeated',
    byPrometheus,
    await posted('/prometheus', (alerts) => alerts.some(isFiring), repeatedFrom),
  );
  record('alertmanager/firing', byAlertmanager, await posted('/alertmanager', ({ alerts }) => alerts.length === 1));
  gauges.load = 30;
  record('prometheus/several', byPrometheus, await posted('/prometheus', (alerts) => alerts.length >= 3));
  record(
    'alertmanager/truncated',
    byAlertmanager,
    await posted('/truncated', ({ truncatedAlerts }) => truncatedAlerts > 0),
  );
  gauges.disk = 0;
  const resolvedFrom = posts.length;
  const isResolved = (alerts) => alerts.some((alert) => !isFiring(alert));
  record('prometheus/resolved', byPrometheus, await posted('/prometheus', isResolved, resolvedFrom));
  const statuses = ({ alerts }) => new Set(alerts.map(({ status }) => status)).size;
  record(
    'alertmanager/mixed',
    byAlertmanager,
    await posted('/alertmanager', (body) => statuses(body) === 2, resolvedFrom),
  );
  gauges.load = 0;
  record(
    'alertmanager/resolved',
    byAlertmanager,
    await posted('/alertmanager', ({ status }) => status === 'resolved', resolvedFrom),
  );
} finally {
  for (const process of [prometheus, alertmanager]) {
    process.kill('SIGTERM');
    await new Promise((resolve) => process.once('exit', resolve));
  }
  receiver.close();
  receiver.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
}
