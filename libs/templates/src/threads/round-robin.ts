/** A queue that serves its keys in turn, so that no key waits behind all items of another. */
export class RoundRobin<Item> {
  readonly #waiting = new Map<string, Item[]>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(key: string, item: Item, position: 'first' | 'last'): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) this.#waiting.set(key, [item]);
    else if (position === 'first') waiting.unshift(item);
    else waiting.push(item);
  }

  /** Takes one item of each key a round, at most `max` items in `rounds` rounds. */
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

  /** Takes all items of a key. */
  takeAll(key: string): readonly Item[] {
    const items = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return items;
  }
}
