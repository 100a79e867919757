/** What waits, by whom it is for: each in turn, so that nobody waits behind all that another asks for. */
export class Turns<Item> {
  readonly #waiting = new Map<string, Item[]>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(key: string, item: Item, place: 'first' | 'last'): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) this.#waiting.set(key, [item]);
    else if (place === 'first') waiting.unshift(item);
    else waiting.push(item);
  }

  /** Takes one of each key, round after round or in one, up to so many. */
  take(max: number, rounds: number): { key: string; item: Item }[] {
    const taken: { key: string; item: Item }[] = [];
    for (let round = 0; round < rounds && taken.length < max && !this.isEmpty; round++) {
      for (const [key, items] of [...this.#waiting].slice(0, max - taken.length)) {
        const item = items.shift();
        this.#waiting.delete(key);
        if (items.length > 0) this.#waiting.set(key, items);
        if (item !== undefined) taken.push({ key, item });
      }
    }
    return taken;
  }

  /** Takes all of a key. */
  takeAll(key: string): readonly Item[] {
    const items = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return items;
  }
}
