import type { Socket } from 'node:net';
import { Kafka, logLevel, Partitioners, type Producer, type SASLOptions } from 'kafkajs';
import { NetworkFailure } from '#libs/network';
import { fromKafkajs } from './broker-address.js';
import { LateSocket } from './late-socket.js';
import type { KafkaRecord, RecordPosition } from './record.js';
import './quiet-queue.js';

/** Time limit for opening a connection, and separately for its TLS handshake, in milliseconds. */
export const CONNECT_MS = 5_000;
/** Time limit for an answer of the broker, in milliseconds. */
const REQUEST_MS = 10_000;
/** Time limit for replication; shorter than {@link REQUEST_MS}, so that the broker can still report a timeout. */
const REPLICATION_MS = 8_000;
const CLIENT_ID = 'tocsin';
/** Offset of the API key in a request, after its size: https://kafka.apache.org/protocol#protocol_messages */
const API_KEY_AT = 4;
const PRODUCE = 0;

export interface ClientOptions {
  /** In the form that kafkajs parses. */
  brokers: readonly string[];
  topic: string;
  sasl?: SASLOptions;
  /** Opens a connection to an allowed address, with TLS if the settings require it. */
  connect(host: string, port: number): Promise<Socket>;
  /** Called once, when {@link KafkaClient.partitionOf} becomes available. */
  onPartitions(): void;
}

/** Records for one partition, sent in one request: the broker accepts all of them or none. */
export interface Batch {
  readonly records: readonly KafkaRecord[];
  /** Called directly before the request is written; throws to refuse it, which closes the connection. */
  beforeWrite(): void;
  /** True once the request is written to the connection: the broker may have received it. */
  sent: boolean;
}

type PartitionOf = (record: KafkaRecord) => number;

/** A client of kafkajs without retries; after a failure the caller replaces it. */
export class KafkaClient {
  /** Undefined until the cluster has answered with the metadata of the topic. */
  partitionOf: PartitionOf | undefined;
  private readonly producer: Producer;
  private readonly ready: Promise<void>;
  private readonly sockets = new Set<LateSocket>();
  private readonly unsent = new Set<Batch>();
  /** Whether a request was refused, which closed its connection. */
  hasRefused = false;
  private isClosed = false;

  constructor(private readonly options: ClientOptions) {
    const { brokers, sasl } = options;
    const kafka = new Kafka({
      clientId: CLIENT_ID,
      brokers: [...brokers],
      ...(sasl && { sasl }),
      logLevel: logLevel.NOTHING,
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      // Only for opening a connection: each retry tries the next broker of the list.
      retry: { retries: brokers.length, initialRetryTime: 50, maxRetryTime: 200 },
      socketFactory: ({ host, port, onConnect }) => this.openSocket(fromKafkajs(host), port, onConnect),
    });
    this.producer = kafka.producer({
      allowAutoTopicCreation: false,
      idempotent: false,
      retry: { retries: 0 },
      createPartitioner: () => this.createPartitioner(),
    });
    this.ready = this.producer.connect();
    // send() reports a failure; without a batch nobody awaits the promise.
    this.ready.catch(() => {});
  }

  /** @throws the error of kafkajs; `batch.sent` says whether the broker may have received the records */
  async send(batch: Batch): Promise<RecordPosition> {
    await this.ready;
    this.unsent.add(batch);
    try {
      const [answer] = await this.producer.send({
        topic: this.options.topic,
        acks: -1,
        timeout: REPLICATION_MS,
        messages: batch.records.map(({ id: _, ...message }) => message),
      });
      return { partition: answer?.partition ?? 0, offset: BigInt(answer?.baseOffset ?? 0) };
    } finally {
      this.unsent.delete(batch);
    }
  }

  /** Closes every connection at once; sends in progress fail. */
  close(): void {
    this.isClosed = true;
    this.producer.disconnect().catch(() => {});
    for (const socket of [...this.sockets]) socket.destroy();
  }

  private createPartitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
    const partition = Partitioners.DefaultPartitioner();
    return (args) => {
      const { topic, partitionMetadata } = args;
      const isFirst = this.partitionOf === undefined;
      this.partitionOf = (message) => partition({ topic, partitionMetadata, message });
      if (isFirst) this.options.onPartitions();
      return partition(args);
    };
  }

  private openSocket(host: string, port: number, onConnect: () => void): Socket {
    const opening = this.isClosed
      ? Promise.reject(new NetworkFailure('the client is closed', 'CLOSED', false))
      : this.options.connect(host, port);
    const socket = new LateSocket(opening, {
      connected: onConnect,
      writing: (bytes) => this.onWriting(bytes),
      closed: () => this.sockets.delete(socket),
    });
    this.sockets.add(socket);
    // LateSocket has all methods of a socket that kafkajs calls.
    return socket as unknown as Socket;
  }

  /**
   * Marks the batch that a request contains as sent, unless it is refused. kafkajs does not report writes, but it writes
   * whole, uncompressed requests, so the id of the first record is found in the bytes.
   */
  private onWriting(bytes: Buffer): void {
    if (this.unsent.size === 0 || bytes.readInt16BE(API_KEY_AT) !== PRODUCE) return;
    for (const batch of this.unsent) {
      if (!bytes.includes(batch.records[0]?.id ?? '')) continue;
      try {
        batch.beforeWrite();
      } catch (error) {
        this.hasRefused = true;
        throw error;
      }
      batch.sent = true;
      this.unsent.delete(batch);
    }
  }
}
