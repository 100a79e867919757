import { type Filter, wholeNumber } from './filter.js';
import type { Meter } from './meter.js';
import { compare, truth } from './operators.js';
import { memberLookup } from './runtime.js';
import { TemplateError } from './template-error.js';
import { isTest } from './value-tests.js';
import { valueText } from './value-text.js';

/** Filters of lists; an object counts as the list of its keys. */
export const LIST_FILTERS: readonly Filter[] = [
  {
    name: 'length',
    aliases: ['count'],
    parameters: [],
    description: 'number of characters, items or keys',
    apply: (value) => (typeof value === 'string' ? value.length : countOf(value)),
  },
  {
    name: 'first',
    parameters: [],
    description: 'the first item or character',
    apply: (value, _args, meter) => itemsOf(value, meter)[0],
  },
  {
    name: 'last',
    parameters: [],
    description: 'the last item or character',
    apply: (value, _args, meter) => itemsOf(value, meter).at(-1),
  },
  {
    name: 'list',
    parameters: [],
    description: 'the characters of a text or the keys of an object, as a list',
    apply: (value, _args, meter) => itemsOf(value, meter),
  },
  {
    name: 'reverse',
    parameters: [],
    description: 'in reverse order',
    apply(value, _args, meter) {
      const reversed = itemsOf(value, meter).toReversed();
      return typeof value === 'string' ? reversed.join('') : reversed;
    },
  },
  {
    name: 'join',
    parameters: ['separator', 'attribute'],
    description: 'the items as one text: join(", "); with an attribute, that field of each',
    apply: joinItems,
  },
  {
    name: 'sort',
    parameters: ['reverse', 'case_sensitive', 'attribute'],
    description: 'sorted; sort(true) in reverse, with an attribute by that field of each item',
    apply(value, [reverse, caseSensitive, attribute], meter) {
      const byKey = (item: unknown) =>
        attribute === undefined || attribute === null ? item : memberLookup(item, attribute);
      return sorted(itemsOf(value, meter), byKey, { reverse, caseSensitive }, meter);
    },
  },
  {
    name: 'dictsort',
    parameters: ['case_sensitive', 'by'],
    description:
      'keys and values of an object, sorted: {% for name, text in labels | dictsort %}; dictsort(false, "value") by value',
    apply(value, [caseSensitive, by], meter) {
      if (typeof value !== 'object' || value === null) return [];
      const entries = Object.entries(value);
      const at = by === 'value' ? 1 : 0;
      return sorted(entries, (entry) => entry[at], { reverse: false, caseSensitive }, meter);
    },
  },
  {
    name: 'select',
    parameters: ['test', 'argument'],
    description: 'the items that pass a test: select("ne", ""); without a test those that are not empty',
    apply: (value, args, meter) => itemsOf(value, meter).filter((item) => passes(item, args)),
  },
  {
    name: 'reject',
    parameters: ['test', 'argument'],
    description: 'the items that do not pass a test',
    apply: (value, args, meter) => itemsOf(value, meter).filter((item) => !passes(item, args)),
  },
  {
    name: 'slice',
    parameters: ['slices', 'fill_with'],
    description: 'a list split into the given number of lists of about the same length',
    apply: sliceItems,
  },
];

function countOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function itemsOf(value: unknown, meter: Meter): readonly unknown[] {
  const items = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? Array.from(value)
      : typeof value === 'object' && value !== null
        ? Object.keys(value)
        : [];
  meter.spend(1 + items.length / 2);
  return items;
}

function joinItems(value: unknown, [separator, attribute]: readonly unknown[], meter: Meter): string {
  const between = valueText(separator, meter);
  const texts = itemsOf(value, meter).map((item) =>
    valueText(attribute === undefined || attribute === null ? item : memberLookup(item, attribute), meter),
  );
  meter.allow(texts.reduce((sum, text) => sum + text.length + between.length, 0));
  return texts.join(between);
}

function sorted<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => unknown,
  { reverse, caseSensitive }: { reverse: unknown; caseSensitive: unknown },
  meter: Meter,
): Item[] {
  meter.spend(items.length * 10);
  const sign = truth(reverse) ? -1 : 1;
  const comparable = (key: unknown) => (typeof key === 'string' && !truth(caseSensitive) ? key.toLowerCase() : key);
  const keyed = items.map((item) => ({ item, key: comparable(keyOf(item)) }));
  keyed.sort((a, b) => (compare('<', a.key, b.key) ? -sign : compare('>', a.key, b.key) ? sign : 0));
  return keyed.map(({ item }) => item);
}

function passes(item: unknown, [test, argument]: readonly unknown[]): boolean {
  if (test === undefined) return truth(item);
  if (typeof test !== 'string') throw new TemplateError('the name of a test must be a text, as in select("defined")');
  return isTest(test, item, argument);
}

const SLICES_MAX = 1_000;

function sliceItems(value: unknown, [slices, fill]: readonly unknown[], meter: Meter): unknown[][] {
  const items = itemsOf(value, meter);
  const count = wholeNumber(slices, 1, 1, SLICES_MAX);
  meter.spend(count);
  const length = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, i) => {
    const from = i * length + Math.min(i, longer);
    const slice = items.slice(from, from + length + (i < longer ? 1 : 0));
    return fill !== undefined && i >= longer && longer > 0 ? [...slice, fill] : slice;
  });
}
