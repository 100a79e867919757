import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../apps/standalone/src/free-port.ts';
import type { KafkaJars } from './kafka-jars.ts';
import { waitFor } from './wait-for.ts';

/** Listeners of each broker; certificates are for `localhost` and 127.0.0.1. */
export const KAFKA_LISTENERS = ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL'] as const;
export type KafkaListener = (typeof KAFKA_LISTENERS)[number];

export interface KafkaBroker {
  readonly id: number;
  /** `127.0.0.1:<port>`, the same after a restart. */
  at(listener: KafkaListener): string;
  signal(name: NodeJS.Signals): void;
  /** Sends SIGKILL; settles when the process has ended. */
  kill9(): Promise<void>;
  /** Starts it again on its data and settles when it serves. */
  start(): Promise<void>;
}

export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[];
  /** Addresses of all brokers. */
  bootstrap(listener?: KafkaListener): string[];
  stop(): Promise<void>;
}

export interface KafkaOptions {
  jars: KafkaJars;
  brokers?: number;
  /** PEM; the key in PKCS #8. */
  certificate: { cert: string; key: string };
  /** A user with its password by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  user: { name: string; password: string };
  /** Java options of the brokers; the default makes them start quickly. */
  java?: readonly string[];
}

type Ports = Record<KafkaListener | 'CONTROLLER', number>;

interface Node {
  id: number;
  ports: Ports;
  controller: string;
  home: string;
  brokers: number;
}

/** The first broker: tests can kill the others without losing the controller. */
const CONTROLLER_ID = 1;

/** Small and quick to start, since it serves tests. */
const JAVA = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
const START_MS = 40_000;

/**
 * Apache Kafka without ZooKeeper, its first broker the controller too, on free ports of 127.0.0.1 with its data in a temporary
 * folder. A missing topic is created when a client requests it, which is Kafka's default.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-kafka-'));
  const all = await Promise.all(
    Array.from({ length: options.brokers ?? 1 }, async (_, index) => ({ id: index + 1, ports: await freePorts() })),
  );
  const controller = `${CONTROLLER_ID}@127.0.0.1:${all[0]?.ports.CONTROLLER}`;
  const clusterId = randomBytes(16).toString('base64url');
  const started = all.map(async ({ id, ports }) => {
    const home = join(folder, String(id));
    mkdirSync(home);
    const settings = join(home, 'server.properties');
    writeFileSync(settings, settingsOf({ id, ports, controller, home, brokers: all.length }, options));
    await format(settings, clusterId, options);
    return startBroker(id, ports, settings, options);
  });
  const results = await Promise.allSettled(started);
  const brokers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.kill9()));
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { brokers, bootstrap: (listener = 'PLAINTEXT') => brokers.map((broker) => broker.at(listener)), stop };
}

async function freePorts(): Promise<Ports> {
  const ports = { CONTROLLER: await freePort() } as Ports;
  for (const listener of KAFKA_LISTENERS) ports[listener] = await freePort();
  return ports;
}

/** https://kafka.apache.org/documentation/#brokerconfigs */
function settingsOf({ id, ports, controller, home, brokers }: Node, { certificate, user }: KafkaOptions): string {
  const isController = id === CONTROLLER_ID;
  const names = isController ? (['CONTROLLER', ...KAFKA_LISTENERS] as const) : KAFKA_LISTENERS;
  const listeners = names.map((name) => `${name}://127.0.0.1:${ports[name]}`);
  const pem = (text: string) => text.trim().replaceAll('\n', ' ');
  const login = 'org.apache.kafka.common.security';
  const copies = String(Math.min(brokers, 3));
  const all: Record<string, string> = {
    'process.roles': isController ? 'broker,controller' : 'broker',
    'node.id': String(id),
    'controller.quorum.voters': controller,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: listeners.join(','),
    'advertised.listeners': listeners.filter((listener) => !listener.startsWith('CONTROLLER')).join(','),
    'listener.security.protocol.map': ['CONTROLLER:PLAINTEXT', ...KAFKA_LISTENERS.map((one) => `${one}:${one}`)].join(
      ',',
    ),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': pem(certificate.cert),
    'ssl.keystore.key': pem(certificate.key),
    'log.dirs': join(home, 'data'),
    'num.partitions': '4',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': copies,
    'default.replication.factor': copies,
    'group.initial.rebalance.delay.ms': '0',
    // The cluster notices within seconds that a broker was killed, or is back.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controlled.shutdown.enable': 'false',
    // A client without a login is the operator here. Resources without an access list are open to all.
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': 'true',
  };
  for (const listener of ['sasl_plaintext', 'sasl_ssl']) {
    const of = `listener.name.${listener}`;
    const plain = `username="${user.name}" password="${user.password}" user_${user.name}="${user.password}"`;
    all[`${of}.plain.sasl.jaas.config`] = `${login}.plain.PlainLoginModule required ${plain};`;
    for (const hash of ['256', '512']) {
      all[`${of}.scram-sha-${hash}.sasl.jaas.config`] = `${login}.scram.ScramLoginModule required;`;
    }
  }
  return `${Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

async function format(settings: string, clusterId: string, { jars, user }: KafkaOptions): Promise<void> {
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user.name},password=${user.password}]`,
  ]);
  const args = ['-cp', jars.classPath, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings, ...scram];
  await promisify(execFile)('java', [...JAVA, ...args], { timeout: START_MS });
}

async function startBroker(
  id: number,
  ports: Ports,
  settings: string,
  { jars, java = JAVA }: KafkaOptions,
): Promise<KafkaBroker> {
  let child: ChildProcess;
  async function start(): Promise<void> {
    child = spawn('java', [...java, '-cp', jars.classPath, 'kafka.Kafka', settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = child;
    let said = '';
    for (const stream of [running.stdout, running.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000);
      });
    }
    await waitFor(
      () => {
        if (running.exitCode !== null) throw new Error(`it ended: ${said}`);
        return listens(ports.PLAINTEXT);
      },
      { timeoutMs: START_MS, intervalMs: 50, what: `broker ${id} to listen` },
    ).catch((error: Error) => {
      running.kill('SIGKILL');
      throw new Error(`${error.message}: ${said}`, { cause: error });
    });
  }
  await start();
  return {
    id,
    at: (listener) => `127.0.0.1:${ports[listener]}`,
    signal: (name) => void child.kill(name),
    async kill9() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    start,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
