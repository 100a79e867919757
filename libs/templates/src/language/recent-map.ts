/**
 * A map of texts that forgets those not used for longest, before they are more or longer together than it may hold. Two
 * generations: what is used moves to the younger one, and when that is full the older one is forgotten.
 */
export class RecentMap<Value> {
  readonly #countMax: number;
  readonly #charsMax: number;
  #younger = new Map<string, Value>();
  #older = new Map<string, Value>();
  #youngerChars = 0;

  constructor({ count, chars }: { count: number; chars: number }) {
    this.#countMax = count / 2;
    this.#charsMax = chars / 2;
  }

  get(key: string): Value | undefined {
    const known = this.#younger.get(key);
    if (known !== undefined) return known;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: string, value: Value): void {
    if (!this.#younger.has(key)) {
      if (this.#younger.size >= this.#countMax || this.#youngerChars + key.length > this.#charsMax) this.#age();
      this.#youngerChars += key.length;
    }
    this.#younger.set(key, value);
  }

  delete(key: string): void {
    if (this.#younger.delete(key)) this.#youngerChars -= key.length;
    this.#older.delete(key);
  }

  #age(): void {
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#youngerChars = 0;
  }
}
