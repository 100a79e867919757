import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findDebianProgram } from './debian-programs.js';
import type { ReadRecord } from './kafka-topics.js';
import { waitFor } from './wait-for.js';

export interface KafkaMock {
  bootstrap: string[];
  /** Records that its topic has received so far. */
  read(): ReadRecord[];
  stop(): Promise<void>;
}

const SEARCH = { name: 'kcat', packages: ['kcat'], program: 'usr/bin/kcat', version: ['-V'] };

/**
 * A cluster of one broker, which librdkafka provides for its own tests, inside kcat, which reads the topic. It has no
 * logins and no TLS, and creates topics on request.
 */
export async function startKafkaMock(topic: string): Promise<KafkaMock> {
  const { command, env } = await findDebianProgram(SEARCH);
  const flags = ['-C', '-t', topic, '-b', 'mock', '-X', 'test.mock.num.brokers=1', '-d', 'mock', '-J', '-u', '-o'];
  const child = spawn(command, [...flags, 'beginning'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, printed] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const at = await waitFor(() => /bootstrap\.servers=(127\.0\.0\.1:\d+)/.exec(said)?.[1], { what: 'a mock of Kafka' });
  return {
    bootstrap: [at],
    read: () =>
      printed
        .split('\n')
        .slice(0, -1)
        .map((line) => readLine(line)),
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

interface PrintedRecord {
  partition: number;
  offset: number;
  ts: number;
  key: string;
  payload: string;
  /** Names and values in turn. */
  headers?: string[];
}

function readLine(line: string): ReadRecord {
  const { partition, offset, ts, key, payload, headers = [] } = JSON.parse(line) as PrintedRecord;
  const pairs = Array.from({ length: headers.length / 2 }, (_, index) => headers.slice(2 * index, 2 * index + 2));
  return { partition, offset, timestamp: ts, key, value: payload, headers: Object.fromEntries(pairs) };
}
