/** A record in the form that kafkajs sends, with the id of its delivery. */
export interface KafkaRecord {
  /** Also in the headers: the id by which a written request is recognised. */
  id: string;
  key: string;
  value: string;
  headers: Record<string, string>;
  /** Milliseconds since 1970, in decimal digits. */
  timestamp: string;
}

/** The partition and offset at which the cluster stored a record. */
export interface RecordPosition {
  partition: number;
  offset: bigint;
}

/** An upper bound on the bytes of a record in a request, for the limits of a batch. */
export function maxRecordBytes({ key, value }: KafkaRecord): number {
  return 512 + 3 * key.length + Buffer.byteLength(value);
}
