import { NetworkFailure } from '#libs/network';
import type { Batch, KafkaClient } from './kafka-client.js';
import { ProduceFailure } from './produce-failure.js';
import { isRecordError, isUnknownTopic } from './produce-outcome.js';
import { type KafkaRecord, maxRecordBytes, type RecordPosition } from './record.js';

/** The limits of waiting for the confirmation of a record. */
export interface SendLimits {
  timeoutMs: number;
  signal: AbortSignal;
  /** Called directly before a request with the record is written; throws to refuse it. */
  beforeWrite(): void;
}

interface Entry {
  readonly record: KafkaRecord;
  beforeWrite(): void;
  /** The client and request that carry the record now. */
  inFlight?: { client: KafkaClient; batch: Batch };
  /** Set after the cluster has answered once that the topic is unknown. */
  isSecondTry: boolean;
  isSettled: boolean;
  /** Settles the send; every call but the first is ignored. */
  settle(result: RecordPosition | ProduceFailure): void;
}

/** Settles a record that is refused before it is written. */
function mayBeWritten(entry: Entry): boolean {
  try {
    entry.beforeWrite();
    return true;
  } catch (error) {
    entry.settle(new ProduceFailure(error, false));
    return false;
  }
}

/** Maximum bytes of a batch; brokers accept about a million by default (message.max.bytes). */
const BATCH_BYTES_MAX = 512 * 1024;

/**
 * Sends records to one topic. Records of one turn of the event loop are batched, one request for each partition.
 * A client that fails is used for nothing new, because kafkajs does not recover reliably.
 */
export class KafkaProducer {
  private client: KafkaClient | undefined;
  /** The number of records in flight by client; a retired client is closed when its number reaches zero. */
  private readonly inFlight = new Map<KafkaClient, number>();
  private readonly waiting: Entry[] = [];
  private isScheduled = false;
  private isClosing = false;

  /** @param openClient its argument is called when the client knows the partitions of the topic */
  constructor(private readonly openClient: (onPartitions: () => void) => KafkaClient) {}

  /** Resolves when the cluster has confirmed the record. @throws {ProduceFailure} */
  send(record: KafkaRecord, { timeoutMs, signal, beforeWrite }: SendLimits): Promise<RecordPosition> {
    return new Promise((resolve, reject) => {
      const onTimeout = (): void =>
        this.giveUp(entry, 'TIMEOUT', `the cluster did not confirm the record within ${timeoutMs} ms`);
      const onAbort = (): void => this.giveUp(entry, 'ABORTED', 'given up');
      const timer = setTimeout(onTimeout, timeoutMs);
      signal.addEventListener('abort', onAbort);
      const entry: Entry = {
        record,
        beforeWrite,
        isSecondTry: false,
        isSettled: false,
        settle: (result) => {
          if (entry.isSettled) return;
          entry.isSettled = true;
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          this.leave(entry);
          if (result instanceof ProduceFailure) reject(result);
          else resolve(result);
        },
      };
      this.waiting.push(entry);
      if (signal.aborted) onAbort();
      this.schedule();
    });
  }

  /** Closes the client after all records have settled. */
  close(): void {
    this.isClosing = true;
    this.closeIfIdle();
  }

  private giveUp(entry: Entry, code: string, reason: string): void {
    const { inFlight } = entry;
    if (!inFlight) this.waiting.splice(this.waiting.indexOf(entry), 1);
    const sent = inFlight?.batch.sent ?? false;
    const message = sent ? reason : `${reason}, nothing was sent`;
    // A client whose broker does not answer must not get further records.
    if (inFlight && code === 'TIMEOUT') this.retire(inFlight.client);
    entry.settle(new ProduceFailure(new NetworkFailure(message, code, sent), sent));
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    const sendWaiting = (): void => {
      this.isScheduled = false;
      this.sendWaiting();
    };
    // Two turns of the event loop, so that a connection that the broker has closed is noticed before the next write.
    setImmediate(() => setImmediate(sendWaiting));
  }

  private sendWaiting(): void {
    if (this.waiting.length === 0) return;
    this.client ??= this.openClient(() => this.schedule());
    const { partitionOf } = this.client;
    if (partitionOf) {
      for (const entries of byPartition(this.waiting.splice(0), partitionOf)) void this.produce(this.client, entries);
    } else if (!this.inFlight.has(this.client)) {
      // The partitions become known with the first record; the others wait for them.
      void this.produce(this.client, this.waiting.splice(0, 1));
    }
  }

  private async produce(client: KafkaClient, all: readonly Entry[]): Promise<void> {
    const entries = all.filter(mayBeWritten);
    if (entries.length === 0) return;
    const batch: Batch = {
      records: entries.map(({ record }) => record),
      beforeWrite() {
        for (const entry of entries) entry.beforeWrite();
      },
      sent: false,
    };
    for (const entry of entries) this.enter(entry, client, batch);
    try {
      const { partition, offset } = await client.send(batch);
      for (const [index, entry] of entries.entries()) entry.settle({ partition, offset: offset + BigInt(index) });
    } catch (error) {
      this.onFailure(client, entries, new ProduceFailure(error, batch.sent));
    }
  }

  private onFailure(client: KafkaClient, all: readonly Entry[], failure: ProduceFailure): void {
    const entries = all.filter(({ isSettled }) => !isSettled);
    if (isRecordError(failure) && all.length > 1) {
      // One record made the broker refuse the batch, and nothing was stored: send each alone.
      for (const entry of entries) void this.produce(client, [entry]);
      return;
    }
    if (client.hasRefused && !failure.sent) {
      // Nothing of the batch was written: the records that are not refused go out by another client.
      this.retire(client);
      for (const entry of entries.toReversed()) if (mayBeWritten(entry)) this.requeue(entry);
      return;
    }
    const isCurrent = client === this.client;
    if (!isRecordError(failure)) this.retire(client);
    const retried = isUnknownTopic(failure) ? entries.filter(({ isSecondTry }) => !isSecondTry) : [];
    for (const entry of retried) this.retry(entry);
    for (const entry of entries) if (!retried.includes(entry)) entry.settle(failure);
    if (!isCurrent || client.partitionOf || retried.length > 0) return;
    // No cluster was reached, so the records that wait for its partitions fail with the same error.
    for (const entry of this.waiting.splice(0)) entry.settle(new ProduceFailure(failure.cause, false));
  }

  /** Sends the record again by a new client, because the topic may have been created a moment ago. */
  private retry(entry: Entry): void {
    entry.isSecondTry = true;
    this.requeue(entry);
  }

  private requeue(entry: Entry): void {
    this.leave(entry);
    this.waiting.unshift(entry);
    this.schedule();
  }

  private enter(entry: Entry, client: KafkaClient, batch: Batch): void {
    this.leave(entry);
    entry.inFlight = { client, batch };
    this.inFlight.set(client, (this.inFlight.get(client) ?? 0) + 1);
  }

  private leave(entry: Entry): void {
    const { client } = entry.inFlight ?? {};
    entry.inFlight = undefined;
    if (client) {
      const left = (this.inFlight.get(client) ?? 1) - 1;
      if (left > 0) this.inFlight.set(client, left);
      else this.inFlight.delete(client);
      if (left === 0 && client !== this.client) client.close();
    }
    this.closeIfIdle();
  }

  private retire(client: KafkaClient): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (!this.inFlight.has(client)) client.close();
    if (this.waiting.length > 0) this.schedule();
  }

  private closeIfIdle(): void {
    if (!this.isClosing || this.waiting.length > 0 || this.inFlight.size > 0) return;
    this.client?.close();
    this.client = undefined;
  }
}

/** Groups records into batches: one partition each, in order, at most {@link BATCH_BYTES_MAX}. */
function byPartition(entries: readonly Entry[], partitionOf: (record: KafkaRecord) => number): Entry[][] {
  const open = new Map<number, { entries: Entry[]; bytes: number }>();
  const batches: Entry[][] = [];
  for (const entry of entries) {
    const partition = partitionOf(entry.record);
    const bytes = maxRecordBytes(entry.record);
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
