import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** https://kafka.apache.org/downloads: the newest whose parts are all in Maven Central. It runs on Java 17 and newer. */
export const KAFKA_VERSION = '4.3.1';
const JAVA_MIN = 17;
/** Time to download 44 MB. Tests do not wait for a slower network. */
const FETCH_MS = 150_000;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const CACHE = resolve(import.meta.dirname, '../../.cache/kafka');

const execute = promisify(execFile);

/** Class path of Apache Kafka's own programs: `java -cp`. */
export interface KafkaJars {
  classPath: string;
}

let found: Promise<KafkaJars | string> | undefined;

/** Apache Kafka's jars, downloaded by Maven at their first use; a text with the reason if there are none. */
export function findKafkaJars(): Promise<KafkaJars | string> {
  found ??= find();
  return found;
}

async function find(): Promise<KafkaJars | string> {
  const java = await javaVersion();
  if (java < JAVA_MIN) return java === 0 ? 'there is no Java' : `Java ${java} is older than ${JAVA_MIN}`;
  const folder = join(CACHE, KAFKA_VERSION);
  const jars = { classPath: join(folder, '*') };
  if (existsSync(folder)) return jars;
  if (!(await runs('mvn', ['--version']))) return 'there is no Maven to fetch Apache Kafka with';
  console.log(`fetching Apache Kafka ${KAFKA_VERSION} (44 MB) by Maven into .cache/kafka, once`);
  try {
    await fetchJars(folder);
    return jars;
  } catch (error) {
    const said = (error as { stdout?: string }).stdout ?? '';
    const why = /\[ERROR\] (.{1,200})/.exec(said)?.[1] ?? (error as Error).message.split('\n', 1)[0];
    return `Apache Kafka could not be fetched: ${why}`;
  }
}

/** Major release of the installed Java, such as 17; 0 if there is none. */
async function javaVersion(): Promise<number> {
  // Java prints its version on the error output.
  const said = await runs('java', ['-version']);
  return Number(/version "(\d+)/.exec(said ?? '')?.[1] ?? 0);
}

async function runs(command: string, args: readonly string[]): Promise<string | undefined> {
  const answer = await execute(command, args, { timeout: 30_000 }).catch(() => undefined);
  return answer && answer.stdout + answer.stderr;
}

/** Moves the jars into the cache when all are complete: another process may be downloading too. */
async function fetchJars(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    writeFileSync(join(work, 'pom.xml'), POM);
    const args = ['-B', '-q', COPY, `-DoutputDirectory=${join(work, 'jars')}`, '-DincludeScope=runtime'];
    await execute('mvn', args, { cwd: work, timeout: FETCH_MS });
    if (!readdirSync(join(work, 'jars')).includes(`kafka-clients-${KAFKA_VERSION}.jar`))
      throw new Error('no jars came');
    if (!existsSync(folder)) renameSync(join(work, 'jars'), folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tocsin</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
  </dependency></dependencies>
</project>
`;
