import { ConnectionFailure } from '../kit/index.js';
import type { Batch, KafkaClient, Place } from './client.js';
import { isOfTheRecord, isUnknownTopic, ProduceFailure } from './failure.js';
import { bytesOf, type KafkaRecord } from './record.js';

/** Until when a record is waited for. */
export interface Patience {
  timeoutMs: number;
  signal: AbortSignal;
}

interface Entry {
  readonly record: KafkaRecord;
  /** What it is on its way with. */
  under?: { client: KafkaClient; batch: Batch };
  /** The cluster did not know the topic. */
  isSecondTry: boolean;
  isOver: boolean;
  /** Only the first call counts. */
  end(result: Place | ProduceFailure): void;
}

/** Well under the million bytes that brokers take in one batch unless they are told otherwise (message.max.bytes). */
const BATCH_BYTES_MAX = 512 * 1024;

/**
 * Records to one topic. What is sent within one turn of the event loop goes out together, one request for each partition.
 * A client that fails is not used again, but for what is under way by it: kafkajs is not relied on to mend itself.
 */
export class KafkaProducer {
  private client: KafkaClient | undefined;
  /** By what client how many records are under way; those that failed are closed when there are none. */
  private readonly underWay = new Map<KafkaClient, number>();
  private readonly waiting: Entry[] = [];
  private isScheduled = false;
  private isClosing = false;

  /** @param open calls back when the client knows the partitions */
  constructor(private readonly open: (onPartitions: () => void) => KafkaClient) {}

  /** Settles with where the record stands. @throws {ProduceFailure} */
  send(record: KafkaRecord, { timeoutMs, signal }: Patience): Promise<Place> {
    return new Promise((resolve, reject) => {
      const late = (): void => this.giveUp(entry, 'TIMEOUT', `the cluster did not take it within ${timeoutMs} ms`);
      const given = (): void => this.giveUp(entry, 'ABORTED', 'given up');
      const timer = setTimeout(late, timeoutMs);
      signal.addEventListener('abort', given);
      const entry: Entry = {
        record,
        isSecondTry: false,
        isOver: false,
        end: (result) => {
          if (entry.isOver) return;
          entry.isOver = true;
          clearTimeout(timer);
          signal.removeEventListener('abort', given);
          this.leave(entry);
          if (result instanceof ProduceFailure) reject(result);
          else resolve(result);
        },
      };
      this.waiting.push(entry);
      if (signal.aborted) given();
      this.schedule();
    });
  }

  /** Closes when what is under way has ended. */
  close(): void {
    this.isClosing = true;
    this.closeIfOver();
  }

  private giveUp(entry: Entry, code: string, words: string): void {
    const { under } = entry;
    if (!under) this.waiting.splice(this.waiting.indexOf(entry), 1);
    const sent = under?.batch.sent ?? false;
    const message = sent ? words : `${words}, nothing was sent`;
    // A client that keeps silent is none to go on with.
    if (under && code === 'TIMEOUT') this.retire(under.client);
    entry.end(new ProduceFailure(new ConnectionFailure(message, code, sent), sent));
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const work = (): void => {
      this.isScheduled = false;
      this.work();
    };
    // A broker may have closed its connection since: what has arrived of that is seen now, not after the next write.
    setImmediate(() => setImmediate(work));
  }

  private work(): void {
    if (this.waiting.length === 0) return;
    this.client ??= this.open(() => this.schedule());
    const { partitionOf } = this.client;
    if (partitionOf) {
      for (const entries of byPartition(this.waiting.splice(0), partitionOf)) void this.produce(this.client, entries);
    } else if (!this.underWay.has(this.client)) {
      // Which partitions there are is told with the first record, the others wait for that.
      void this.produce(this.client, this.waiting.splice(0, 1));
    }
  }

  private async produce(client: KafkaClient, entries: readonly Entry[]): Promise<void> {
    const batch: Batch = { records: entries.map(({ record }) => record), sent: false };
    for (const entry of entries) this.enter(entry, client, batch);
    try {
      const { partition, offset } = await client.send(batch);
      for (const [index, entry] of entries.entries()) entry.end({ partition, offset: offset + BigInt(index) });
    } catch (error) {
      this.failed(client, entries, new ProduceFailure(error, batch.sent));
    }
  }

  private failed(client: KafkaClient, all: readonly Entry[], failure: ProduceFailure): void {
    const entries = all.filter(({ isOver }) => !isOver);
    if (isOfTheRecord(failure) && all.length > 1) {
      // One of them spoilt it for all, and nothing was written.
      for (const entry of entries) void this.produce(client, [entry]);
      return;
    }
    const isInUse = client === this.client;
    if (!isOfTheRecord(failure)) this.retire(client);
    const again = isUnknownTopic(failure) ? entries.filter(({ isSecondTry }) => !isSecondTry) : [];
    for (const entry of again) this.tryAgain(entry);
    for (const entry of entries) if (!again.includes(entry)) entry.end(failure);
    if (!isInUse || client.partitionOf || again.length > 0) return;
    // There is no cluster behind it, so that for those who waited for its partitions there is none either.
    for (const entry of this.waiting.splice(0)) entry.end(new ProduceFailure(failure.cause, false));
  }

  /** The topic may have been made a moment ago: a new client asks anew. */
  private tryAgain(entry: Entry): void {
    this.leave(entry);
    entry.isSecondTry = true;
    this.waiting.unshift(entry);
    this.schedule();
  }

  private enter(entry: Entry, client: KafkaClient, batch: Batch): void {
    this.leave(entry);
    entry.under = { client, batch };
    this.underWay.set(client, (this.underWay.get(client) ?? 0) + 1);
  }

  private leave(entry: Entry): void {
    const { client } = entry.under ?? {};
    entry.under = undefined;
    if (client) {
      const left = (this.underWay.get(client) ?? 1) - 1;
      if (left > 0) this.underWay.set(client, left);
      else this.underWay.delete(client);
      if (left === 0 && client !== this.client) client.close();
    }
    this.closeIfOver();
  }

  private retire(client: KafkaClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (!this.underWay.has(client)) client.close();
    if (this.waiting.length > 0) this.schedule();
  }

  private closeIfOver(): void {
    if (!this.isClosing || this.waiting.length > 0 || this.underWay.size > 0) return;
    this.client?.close();
    this.client = undefined;
  }
}

function byPartition(entries: readonly Entry[], partitionOf: (record: KafkaRecord) => number): Entry[][] {
  const open = new Map<number, { entries: Entry[]; bytes: number }>();
  const batches: Entry[][] = [];
  for (const entry of entries) {
    const partition = partitionOf(entry.record);
    const bytes = bytesOf(entry.record);
    const last = open.get(partition);
    if (last && last.bytes + bytes <= BATCH_BYTES_MAX) {
      last.entries.push(entry);
      last.bytes += bytes;
    } else {
      const next = { entries: [entry], bytes };
      open.set(partition, next);
      batches.push(next.entries);
    }
  }
  return batches;
}
