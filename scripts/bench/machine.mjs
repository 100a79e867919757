import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Describes the machine and the versions that the figures were measured with. */
export function machineFacts({ redisVersion, postgresProgram }, alertmanager) {
  const postgres = execFileSync(postgresProgram, ['--version'], { encoding: 'utf8' }).trim().split(' ').at(-1);
  const versions = [
    `Node ${process.versions.node}`,
    redisVersion,
    `PostgreSQL ${postgres}`,
    ...(alertmanager ? [`Alertmanager ${alertmanager.version}`] : []),
  ];
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model.trim() || process.arch})`;
  return `${cores}, ${memory}, load ${loadavg()[0].toFixed(1)} before; ${versions.join(', ')}`;
}
