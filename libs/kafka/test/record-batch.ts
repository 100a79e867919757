import { WireReader } from './wire.js';

/** A record of a received batch. */
export interface WireRecord {
  key: string | null;
  value: string;
  headers: Record<string, string>;
  timestamp: number;
  /** Whether key, value and headers are valid UTF-8. */
  isValidUtf8: boolean;
}

/** Parses a record batch: https://kafka.apache.org/documentation/#recordbatch */
export function readRecordBatch(bytes: Buffer): WireRecord[] {
  const reader = new WireReader(bytes);
  reader.int64();
  const length = reader.int32();
  if (length !== reader.left) throw new Error(`a batch says that ${length} bytes follow, and ${reader.left} do`);
  reader.int32();
  const magic = reader.int8();
  if (magic !== 2) throw new Error(`a batch of the format ${magic}, not 2`);
  const crc = reader.uint32();
  const checked = new WireReader(reader.rest());
  const covered = bytes.subarray(bytes.length - checked.left);
  if (crc !== crc32c(covered)) throw new Error('the checksum of a batch is wrong');
  const attributes = checked.int16();
  if (attributes !== 0) throw new Error(`a batch with the attributes ${attributes}: compressed, or in a transaction`);
  checked.int32();
  const base = Number(checked.int64());
  // The latest timestamp, and the producer id, epoch and sequence of idempotent producers.
  checked.raw(8 + 8 + 2 + 4);
  return checked.list(() => readRecord(checked, base));
}

function readRecord(batch: WireReader, base: number): WireRecord {
  const reader = new WireReader(batch.raw(batch.varint()));
  reader.int8();
  const timestamp = base + reader.varint();
  reader.varint();
  const key = reader.varData();
  const value = reader.varData() ?? Buffer.alloc(0);
  const headers = Array.from({ length: reader.varint() }, () => [reader.varData(), reader.varData()] as const);
  const parts = [key, value, ...headers.flat()];
  return {
    key: key === null ? null : key.toString('utf8'),
    value: value.toString('utf8'),
    headers: Object.fromEntries(headers.map(([name, content]) => [String(name), String(content)])),
    timestamp,
    isValidUtf8: parts.every((part) => part === null || Buffer.from(part.toString('utf8')).equals(part)),
  };
}

/** https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4: the polynomial of CRC32C */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
