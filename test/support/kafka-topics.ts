import { type Admin, type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { waitFor } from './wait-for.ts';

/** A record of a topic. */
export interface ReadRecord {
  partition: number;
  offset: number;
  timestamp: number;
  key: string;
  value: string;
  headers: Record<string, string>;
}

export interface KafkaTopics {
  admin: Admin;
  create(topics: ITopicConfig[]): Promise<void>;
  /** All records that a topic has now. */
  read(topic: string): Promise<ReadRecord[]>;
  close(): Promise<void>;
}

let groups = 0;

/** Preparations and checks of a test at a cluster. */
export async function openKafkaTopics(brokers: string[]): Promise<KafkaTopics> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, connectionTimeout: 5_000, retry: { retries: 20 } });
  const admin = kafka.admin();
  await admin.connect();
  return {
    admin,
    async create(topics) {
      await admin.createTopics({ topics, waitForLeaders: true });
    },
    async read(topic) {
      const offsets = await admin.fetchTopicOffsets(topic);
      const total = offsets.reduce((sum, { high }) => sum + Number(high), 0);
      const records: ReadRecord[] = [];
      if (total === 0) return records;
      const consumer = kafka.consumer({ groupId: `reader-${process.pid}-${groups++}`, maxWaitTimeInMs: 100 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ partition, message: { offset, timestamp, key, value, headers = {} } }) => {
          records.push({
            partition,
            offset: Number(offset),
            timestamp: Number(timestamp),
            key: String(key),
            value: String(value),
            headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
          });
        },
      });
      await waitFor(() => records.length >= total, { what: `${total} records of ${topic}`, timeoutMs: 20_000 });
      await consumer.disconnect();
      return records;
    },
    close: () => admin.disconnect(),
  };
}
