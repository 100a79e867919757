type Path = readonly (string | number)[];

/** Paths of the texts, numbers and flags in a value; `withNodes` adds objects and lists. */
export function leavesOf(value: unknown, { withNodes = false } = {}, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, { withNodes }, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return withNodes && path.length > 0 ? [path, ...below] : below;
}

/** A copy of a value with another value at a path. */
export function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}

/** Bodies that belong to no source. */
export const differentPayloads = [undefined, null, 'text', '', 7, true, {}, { event: 'push' }, { data: [] }];

const nested = (depth: number): unknown => {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
};

/** Values that readers must survive at any place: names of prototypes, other kinds, broken texts. */
export const hostileValues: readonly unknown[] = [
  undefined,
  null,
  '',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  '0001-01-01T00:00:00Z',
  '9999-99-99T99:99:99Z',
  'x'.repeat(200_000),
  0,
  -1,
  1e308,
  true,
  [],
  [null],
  [[]],
  [{}],
  {},
  { constructor: { prototype: {} }, toString: 'x', hasOwnProperty: 1, valueOf: null },
  JSON.parse('{"__proto__":{"polluted":true},"alertname":"A"}'),
  JSON.parse('{"alertname":"A","__proto__":"x"}'),
  nested(10_000),
];

/** Values with more entries than any sender sends. */
export const HUGE: readonly unknown[] = [
  Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`l${i}`, 'x'])),
  Array.from({ length: 20_001 }, () => 7),
];
