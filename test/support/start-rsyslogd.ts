import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../apps/standalone/src/free-port.js';
import { libraryFolder } from '../../apps/standalone/src/unpack-program.js';
import { type DebianProgram, findDebianProgram } from './debian-programs.js';
import { waitFor } from './wait-for.js';

/** A message as rsyslogd parsed it. */
export interface LoggedMessage {
  /** `udp`, `tcp` or `tls`. */
  input: string;
  pri: number;
  host: string;
  app: string;
  msgid: string;
  tag: string;
  time: string;
  /** The parsed structured data; empty if there is none. */
  data: Record<string, Record<string, string>>;
  text: string;
  raw: string;
}

export interface Rsyslogd {
  readonly ports: { udp: number; tcp: number; tls: number };
  /** All messages received so far, across restarts. */
  received(): LoggedMessage[];
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
  remove(): void;
}

const SEARCH = {
  name: 'rsyslog',
  packages: ['rsyslog', 'rsyslog-openssl'],
  program: 'usr/sbin/rsyslogd',
  files: ['usr/lib/*/rsyslog/lmnsd_ossl.so'],
  version: ['-v'],
};

/** A real rsyslogd that listens on free ports, with its default limits and parsers. */
export async function startRsyslogd(certificates: { ca: string; cert: string; key: string }): Promise<Rsyslogd> {
  const program = await findDebianProgram(SEARCH);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-rsyslogd-'));
  const ports = { udp: await freePort(), tcp: await freePort(), tls: await freePort() };
  for (const [name, text] of Object.entries(certificates)) writeFileSync(join(folder, `${name}.pem`), text);
  writeFileSync(join(folder, 'rsyslog.conf'), configOf(folder, ports));
  let child = await run(program, folder, ports);

  return {
    ports,
    received: createReader(join(folder, 'received')),
    signal: (name) => void child.kill(name),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
    async start() {
      child = await run(program, folder, ports);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function configOf(folder: string, ports: Rsyslogd['ports']): string {
  const properties = {
    input: 'inputname',
    pri: 'pri',
    host: 'hostname',
    app: 'app-name',
    msgid: 'msgid',
    tag: 'syslogtag',
    data: '$!rfc5424-sd',
    text: 'msg',
    raw: 'rawmsg',
  };
  const listed = Object.entries(properties).map(
    ([outname, name]) => `property(outname="${outname}" name="${name}" format="jsonf")`,
  );
  return `
global(workDirectory="${folder}" defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="${folder}/ca.pem"
  defaultNetstreamDriverCertFile="${folder}/cert.pem" defaultNetstreamDriverKeyFile="${folder}/key.pem")
module(load="imudp") module(load="imptcp") module(load="mmpstrucdata")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="line" type="list" option.jsonf="on") { ${listed.join(' ')}
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf") }
ruleset(name="keep") {
  action(type="mmpstrucdata" sd_name.lowercase="off")
  action(type="omfile" file="${folder}/received" template="line")
}
input(type="imudp" name="udp" address="127.0.0.1" port="${ports.udp}" ruleset="keep")
input(type="imptcp" name="tcp" address="127.0.0.1" port="${ports.tcp}" ruleset="keep")
input(type="imtcp" name="tls" address="127.0.0.1" port="${ports.tls}" ruleset="keep")
`;
}

async function run(
  { command, root, env }: DebianProgram,
  folder: string,
  ports: Rsyslogd['ports'],
): Promise<ChildProcess> {
  const modules = join(root, 'usr/lib', libraryFolder(), 'rsyslog');
  const args = ['-n', '-i', 'NONE', '-M', modules, '-f', join(folder, 'rsyslog.conf')];
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`rsyslogd ended: ${said}`);
      return Object.values(ports).every(listens);
    },
    { what: 'rsyslogd to listen' },
  ).catch((error: Error) => {
    child.kill('SIGKILL');
    throw new Error(`${error.message}: ${said}`, { cause: error });
  });
  return child;
}

/** Reads the system's tables: a connection would add a message. */
function listens(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'udp'].some((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .some(([, local, , state]) => local?.endsWith(`:${hex}`) && (table === 'udp' || state === '0A')),
  );
}

/** Reads only the new part each time: a test reads often, and the file grows long. */
function createReader(file: string): () => LoggedMessage[] {
  const messages: LoggedMessage[] = [];
  let at = 0;
  return () => {
    if (!existsSync(file)) return messages;
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf('\n') + 1;
    const lines = bytes.toString('utf8', at, end).split('\n').slice(0, -1);
    at = end;
    messages.push(...lines.map(readLine));
    return messages;
  };
}

function readLine(line: string): LoggedMessage {
  const { pri, data, ...rest } = JSON.parse(line) as Omit<LoggedMessage, 'data'> & { data: string };
  return { ...rest, pri: Number(pri), data: data === '' ? {} : JSON.parse(data) };
}
