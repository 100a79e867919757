/** Reads the fields of a request in order: https://kafka.apache.org/protocol#protocol_types */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  private take(count: number): Buffer {
    if (count > this.left) throw new RangeError(`${count} bytes wanted, ${this.left} there`);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  int8 = (): number => this.take(1).readInt8();
  int16 = (): number => this.take(2).readInt16BE();
  int32 = (): number => this.take(4).readInt32BE();
  uint32 = (): number => this.take(4).readUInt32BE();
  int64 = (): bigint => this.take(8).readBigInt64BE();
  raw = (count: number): Buffer => this.take(count);
  rest = (): Buffer => this.take(this.left);

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.take(length).toString('utf8');
  }

  data(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.take(length);
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, read);
  }

  /** A zigzag integer with seven bits in each byte. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(this.take(1).readUInt8());
      value |= (byte & 0x7fn) << shift;
      if ((byte & 0x80n) === 0n) break;
    }
    return Number((value >> 1n) ^ -(value & 1n));
  }

  varData(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.take(length);
  }
}

const fixed = (size: number, write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
};

export const int8 = (value: number): Buffer => fixed(1, (bytes) => bytes.writeInt8(value));
export const int16 = (value: number): Buffer => fixed(2, (bytes) => bytes.writeInt16BE(value));
export const int32 = (value: number): Buffer => fixed(4, (bytes) => bytes.writeInt32BE(value));
export const int64 = (value: bigint): Buffer => fixed(8, (bytes) => bytes.writeBigInt64BE(value));
export const string = (text: string | null): Buffer =>
  text === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
export const data = (bytes: Buffer): Buffer => Buffer.concat([int32(bytes.length), bytes]);
export const list = <T>(items: readonly T[], write: (item: T) => Buffer): Buffer =>
  Buffer.concat([int32(items.length), ...items.map(write)]);
