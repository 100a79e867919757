import type { Socket } from 'node:net';
import { Kafka, logLevel, Partitioners, type Producer, type SASLOptions } from 'kafkajs';
import { ConnectionFailure } from '../kit/index.js';
import { fromKafkajs } from './broker.js';
import { LateSocket } from './late-socket.js';
import type { KafkaRecord } from './record.js';
import './quiet-queue.js';

/** The time in which a connection must stand, its TLS included. */
export const CONNECT_MS = 5_000;
/** How long an answer may take. The broker waits a little less for the copies, so that it can say that they did not come. */
const REQUEST_MS = 10_000;
const COPIES_MS = 8_000;
const CLIENT_ID = 'tocsin';
/** https://kafka.apache.org/protocol#protocol_messages: the size, and then what is asked for. */
const API_KEY_AT = 4;
const PRODUCE = 0;

export interface ClientOptions {
  /** As kafkajs reads them. */
  brokers: readonly string[];
  topic: string;
  sasl?: SASLOptions;
  /** A connection that may be used; with TLS where that is asked for. */
  connect(host: string, port: number): Promise<Socket>;
  /** From now on {@link KafkaClient.partitionOf} knows. */
  onPartitions(): void;
}

/** Records for one partition: the broker takes all of them or none. */
export interface Batch {
  readonly records: readonly KafkaRecord[];
  /** Whether it has begun to leave this machine, so that it may have arrived. */
  sent: boolean;
}

/** Where the first record of a batch stands. */
export interface Place {
  partition: number;
  offset: bigint;
}

type PartitionOf = (record: KafkaRecord) => number;

/** A client of kafkajs that tries once: whoever sees it fail takes another one. */
export class KafkaClient {
  /** Known when the cluster has told of its topic. */
  partitionOf: PartitionOf | undefined;
  private readonly producer: Producer;
  private readonly ready: Promise<void>;
  private readonly sockets = new Set<LateSocket>();
  private readonly leaving = new Set<Batch>();
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
      // Of the connection alone: the next of the brokers is tried.
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
    // Each batch hears of it; there may be none.
    this.ready.catch(() => {});
  }

  /** @throws what kafkajs throws; `batch.sent` tells whether it may have arrived all the same. */
  async send(batch: Batch): Promise<Place> {
    await this.ready;
    this.leaving.add(batch);
    try {
      const [answer] = await this.producer.send({
        topic: this.options.topic,
        acks: -1,
        timeout: COPIES_MS,
        messages: batch.records.map(({ id: _, ...message }) => message),
      });
      return { partition: answer?.partition ?? 0, offset: BigInt(answer?.baseOffset ?? 0) };
    } finally {
      this.leaving.delete(batch);
    }
  }

  /** At once: what is under way fails. */
  close(): void {
    this.isClosed = true;
    this.producer.disconnect().catch(() => {});
    for (const socket of [...this.sockets]) socket.destroy();
  }

  private createPartitioner(): ReturnType<typeof Partitioners.DefaultPartitioner> {
    const partition = Partitioners.DefaultPartitioner();
    return (args) => {
      const { topic, partitionMetadata } = args;
      const isNews = this.partitionOf === undefined;
      this.partitionOf = (message) => partition({ topic, partitionMetadata, message });
      if (isNews) this.options.onPartitions();
      return partition(args);
    };
  }

  private openSocket(host: string, port: number, onConnect: () => void): Socket {
    const opening = this.isClosed
      ? Promise.reject(new ConnectionFailure('the client is closed', 'CLOSED', false))
      : this.options.connect(host, port);
    const socket = new LateSocket(opening, {
      connected: onConnect,
      writing: (bytes) => this.note(bytes),
      closed: () => this.sockets.delete(socket),
    });
    this.sockets.add(socket);
    // kafkajs uses no more of a socket than this has.
    return socket as unknown as Socket;
  }

  /** kafkajs does not tell what has left; it writes whole requests, and nothing in them is compressed. */
  private note(bytes: Buffer): void {
    if (this.leaving.size === 0 || bytes.readInt16BE(API_KEY_AT) !== PRODUCE) return;
    for (const batch of this.leaving) {
      if (!bytes.includes(batch.records[0]?.id ?? '')) continue;
      batch.sent = true;
      this.leaving.delete(batch);
    }
  }
}
