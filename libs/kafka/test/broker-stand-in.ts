import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { readRecordBatch, type WireRecord } from './record-batch.js';
import { data, int8, int16, int32, int64, list, string, WireReader } from './wire.js';

/** Error codes by name: https://kafka.apache.org/protocol#protocol_error_codes */
export const KAFKA_ERRORS = {
  NONE: 0,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_FOR_PARTITION: 6,
  REQUEST_TIMED_OUT: 7,
  MESSAGE_TOO_LARGE: 10,
  INVALID_TOPIC_EXCEPTION: 17,
  RECORD_LIST_TOO_LARGE: 18,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  TOPIC_AUTHORIZATION_FAILED: 29,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  INVALID_TIMESTAMP: 32,
  UNSUPPORTED_SASL_MECHANISM: 33,
  ILLEGAL_SASL_STATE: 34,
  UNSUPPORTED_VERSION: 35,
  POLICY_VIOLATION: 44,
  KAFKA_STORAGE_ERROR: 56,
  SASL_AUTHENTICATION_FAILED: 58,
  INVALID_RECORD: 87,
  OF_A_LATER_RELEASE: 12_345,
} as const;
export type KafkaError = keyof typeof KAFKA_ERRORS;

/** The supported versions of each request by its number, a part of those of Kafka 4. */
const APIS = { 0: [3, 7], 3: [4, 6], 17: [0, 1], 18: [0, 2], 36: [0, 1] } as const;
type Api = keyof typeof APIS;
const [PRODUCE, METADATA, SASL_HANDSHAKE, API_VERSIONS, SASL_AUTHENTICATE] = [0, 3, 17, 18, 36] as const;

export interface SeenRecord extends WireRecord {
  topic: string;
  partition: number;
}

export interface BrokerStandInOptions {
  topic?: string;
  partitions?: number;
  login?: { username: string; password: string };
  tls?: { cert: string; key: string };
  /** An address to advertise instead of its own. */
  advertised?: { host: string; port: number };
  host?: string;
  port?: number;
}

/** A cluster of one broker. It supports the part of the protocol that producers need, and answers as a test sets. */
export class BrokerStandIn {
  readonly records: SeenRecord[] = [];
  readonly complaints: string[] = [];
  /** The number of records of each batch, accepted or refused, in order. */
  readonly batches: number[] = [];
  connections = 0;
  /** The answer to a batch of records. */
  onProduce: (records: readonly WireRecord[], partition: number) => KafkaError | 'hang' | 'close' = () => 'NONE';
  onMetadata: () => KafkaError | 'hang' = () => 'NONE';
  onLogin: 'check' | 'refuse' | 'hang' = 'check';
  onAccepted: (record: SeenRecord) => void = () => {};
  /** Stays set after a stop, because late requests of a connection are still answered. */
  port = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server;
  private readonly offsets = new Map<number, bigint>();

  private constructor(private readonly options: BrokerStandInOptions) {
    const accept = (socket: Socket): void => this.serve(socket);
    const { tls } = options;
    this.server = tls ? createTlsServer(tls, accept).on('tlsClientError', () => {}) : createServer(accept);
  }

  static async start(options: BrokerStandInOptions = {}): Promise<BrokerStandIn> {
    const broker = new BrokerStandIn(options);
    const { host = '127.0.0.1', port = 0 } = options;
    await new Promise<void>((resolve) => broker.server.listen(port, host, resolve));
    broker.port = (broker.server.address() as { port: number }).port;
    return broker;
  }

  /** Ends every connection; new ones are accepted. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // A TLS handshake may complete after this.
    this.server.on('secureConnection', (socket: Socket) => socket.destroy());
    this.drop();
    return closed;
  }

  private serve(socket: Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
    let rest: Buffer = Buffer.alloc(0);
    const session = { isLoggedIn: this.options.login === undefined };
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE()) {
        const end = 4 + rest.readInt32BE();
        this.handle(rest.subarray(4, end), socket, session);
        rest = rest.subarray(end);
      }
    });
  }

  private handle(request: Buffer, socket: Socket, session: { isLoggedIn: boolean }): void {
    const reader = new WireReader(request);
    const [api, version, correlation] = [reader.int16(), reader.int16(), reader.int32()];
    reader.string();
    const [oldest, newest] = APIS[api as Api] ?? [1, 0];
    if (version < oldest || version > newest) this.complain(`version ${version} of request ${api}`);
    const isForAll = api === API_VERSIONS || api === SASL_HANDSHAKE || api === SASL_AUTHENTICATE;
    if (!session.isLoggedIn && !isForAll) {
      this.complain('a request before the login');
      socket.destroy();
      return;
    }
    const answer = this.answer(api, version, reader, session);
    if (answer === 'close') socket.destroy();
    else if (answer !== 'hang') socket.write(data(Buffer.concat([int32(correlation), answer])));
  }

  private answer(api: number, version: number, reader: WireReader, session: { isLoggedIn: boolean }) {
    switch (api) {
      case API_VERSIONS:
        return apiVersions(version);
      case METADATA:
        return this.metadata(reader);
      case PRODUCE:
        return this.produce(reader);
      case SASL_HANDSHAKE:
        return this.handshake(reader);
      case SASL_AUTHENTICATE:
        return this.authenticate(version, reader, session);
      default:
        return 'close' as const;
    }
  }

  private metadata(reader: WireReader): Buffer | 'hang' {
    const topics = reader.list(() => reader.string() ?? '');
    if (reader.int8() !== 0) this.complain('the client wants topics to be created automatically');
    const answer = this.onMetadata();
    if (answer === 'hang') return 'hang';
    const { host, port } = this.options.advertised ?? { host: this.options.host ?? '127.0.0.1', port: this.port };
    const { topic: known = 'alerts', partitions = 4 } = this.options;
    const partition = (id: number): Buffer =>
      Buffer.concat([int16(0), int32(id), int32(1), list([1], int32), list([1], int32), list([], int32)]);
    const describe = (topic: string): Buffer => {
      const error = topic === known ? answer : 'UNKNOWN_TOPIC_OR_PARTITION';
      const all = error === 'NONE' ? Array.from({ length: partitions }, (_, id) => id) : [];
      return Buffer.concat([int16(KAFKA_ERRORS[error]), string(topic), int8(0), list(all, partition)]);
    };
    const broker = Buffer.concat([int32(1), string(host), int32(port), string(null)]);
    return Buffer.concat([
      int32(0),
      list([broker], (one) => one),
      string('stand-in'),
      int32(1),
      list(topics, describe),
    ]);
  }

  private produce(reader: WireReader): Buffer | 'hang' | 'close' {
    if (reader.string() !== null) this.complain('a transaction');
    if (reader.int16() !== -1) this.complain('the client does not wait for all replicas');
    reader.int32();
    const answers: Buffer[] = [];
    let noAnswer: 'hang' | 'close' | undefined;
    reader.list(() => {
      const topic = reader.string() ?? '';
      const partitions = reader.list(() => {
        const partition = reader.int32();
        const answer = this.accept(topic, partition, reader.data() ?? Buffer.alloc(0));
        if (answer === 'hang' || answer === 'close') noAnswer = answer;
        const [error, offset] = Array.isArray(answer) ? answer : (['NONE', -1n] as const);
        return Buffer.concat([int32(partition), int16(KAFKA_ERRORS[error]), int64(offset), int64(-1n), int64(0n)]);
      });
      answers.push(Buffer.concat([string(topic), list(partitions, (one) => one)]));
    });
    return noAnswer ?? Buffer.concat([list(answers, (one) => one), int32(0)]);
  }

  private accept(topic: string, partition: number, bytes: Buffer): [KafkaError, bigint] | 'hang' | 'close' {
    let records: WireRecord[] = [];
    try {
      records = readRecordBatch(bytes);
    } catch (error) {
      this.complain((error as Error).message);
    }
    if (records.some((record) => !record.isValidUtf8)) this.complain('broken UTF-8');
    this.batches.push(records.length);
    const answer = this.onProduce(records, partition);
    if (answer === 'hang' || answer === 'close') return answer;
    if (answer !== 'NONE') return [answer, -1n];
    const offset = this.offsets.get(partition) ?? 0n;
    this.offsets.set(partition, offset + BigInt(records.length));
    for (const record of records) {
      const seen = { ...record, topic, partition };
      this.records.push(seen);
      this.onAccepted(seen);
    }
    return ['NONE', offset];
  }

  private handshake(reader: WireReader): Buffer {
    const mechanism = reader.string();
    const error = this.options.login === undefined ? 'ILLEGAL_SASL_STATE' : mechanism === 'PLAIN' ? 'NONE' : undefined;
    return Buffer.concat([int16(KAFKA_ERRORS[error ?? 'UNSUPPORTED_SASL_MECHANISM']), list(['PLAIN'], string)]);
  }

  private authenticate(version: number, reader: WireReader, session: { isLoggedIn: boolean }): Buffer | 'hang' {
    if (this.onLogin === 'hang') return 'hang';
    const [, username, password] = (reader.data() ?? '').toString('utf8').split('\0');
    const { login } = this.options;
    const isRight = username === login?.username && password === login?.password;
    session.isLoggedIn = isRight && this.onLogin === 'check';
    // Some brokers repeat the password.
    const words = session.isLoggedIn ? null : `Authentication failed: Invalid username or password\n${password}`;
    return Buffer.concat([
      int16(KAFKA_ERRORS[session.isLoggedIn ? 'NONE' : 'SASL_AUTHENTICATION_FAILED']),
      string(words),
      data(Buffer.alloc(0)),
      ...(version > 0 ? [int64(0n)] : []),
    ]);
  }

  private complain(about: string): void {
    this.complaints.push(about);
  }
}

function apiVersions(version: number): Buffer {
  const one = ([api, [oldest, newest]]: [string, readonly [number, number]]): Buffer =>
    Buffer.concat([int16(Number(api)), int16(oldest), int16(newest)]);
  return Buffer.concat([int16(0), list(Object.entries(APIS), one), ...(version > 0 ? [int32(0)] : [])]);
}
