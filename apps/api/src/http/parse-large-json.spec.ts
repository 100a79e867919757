import { describe, expect, it } from 'vitest';
import { JSON_LIMITS } from './json-limits.js';
import { parseLargeJson } from './parse-large-json.js';

const limits = { ...JSON_LIMITS, wholeBytes: 0, perElement: true };
const parse = (text: string | Buffer, over = {}) =>
  parseLargeJson(Buffer.from(text), JSON.parse, { ...limits, ...over });
/** Values of any kind, which fill several groups. */
const elements = Array.from({ length: 3_000 }, (_, i) => [
  { policy: `p${i}`, labels: { 'a"b\\': `}],[{"${i}\\`, 主机: '😀' } },
  i,
  null,
  [],
  'text, with: [brackets] {and} \\" quotes\\\\',
]).flat();

describe('a large body', () => {
  it.each([
    ['an array', elements],
    ['an empty array', []],
    ['an array of arrays', [[], [[]], [1, [2]]]],
    ['a member of an object', { version: '4', alerts: elements, 'b\\"c': ['x'] }],
    ['several members', { a: elements, b: {}, c: elements, d: { e: elements } }],
    ['a member with a special name', JSON.parse('{"__proto__": [1, 2], "x": [3]}')],
    ['a long text', 'x'.repeat(100_000)],
    ['an object without arrays', { a: { b: { c: [1] } } }],
    ['a number', 7],
  ])('is parsed as JSON.parse would: %s', async (_, value) => {
    expect(await parse(JSON.stringify(value))).toEqual(value);
    expect(await parse(`\n ${JSON.stringify(value, null, 2)} \n`)).toEqual(value);
  });

  it('has the last of members with one name', async () => {
    expect(await parse('{"a": [1, 2], "a": [3]}')).toEqual({ a: [3] });
    expect(await parse('{"a": [1, 2], "a": 3}')).toEqual({ a: 3 });
  });

  const long = JSON.stringify('x'.repeat(40_000));
  it.each([
    `[${long},]`,
    `[,${long}]`,
    `[${long},,${long}]`,
    '[1, 2',
    '[1, 2}',
    '[{"a": 1]}',
    '[1] [2]',
    '[1] x',
    '{"a": [1, 2}',
    '{"a": [1],}',
    '{[1]}',
    '[1 2]',
    ']',
    '["a',
    '["a\\"]',
  ])('that is not JSON is refused: %#', async (text) => {
    expect(() => JSON.parse(text)).toThrow();
    await expect(parse(text)).rejects.toThrow('the body is not JSON');
  });

  it('is refused over a limit, before it is parsed', async () => {
    const never = () => {
      throw new Error('parsed');
    };
    const refused = (text: string, over: object) => parseLargeJson(Buffer.from(text), never, { ...limits, ...over });
    await expect(refused('{"a":{"b":{"c":{}}}}', { depth: 3 })).rejects.toThrow('more than 3 levels deep');
    await expect(refused('{"a":'.repeat(1_000_000), {})).rejects.toThrow('more than 64 levels deep');
    await expect(refused('[[[[]]]]', { depth: 3, perElement: false })).rejects.toThrow('more than 3 levels deep');
    await expect(refused('[1,2,3,4,5,6]', { values: 5 })).rejects.toThrow('the request has more than 5 values');
    await expect(refused('{"a":{"a":1,"b":2}}', { partValues: 3 })).rejects.toThrow(
      'the request has more than 3 values',
    );
  });

  it('has a text in place of an element over a limit; its neighbours are parsed', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await parse(`{"a":[{"b":1},${deep},2,${deep}],"c":[${deep}]}`)).toEqual({
      a: [{ b: 1 }, 'an element that is nested more than 64 levels deep', 2, expect.stringContaining('64 levels')],
      c: [expect.stringContaining('64 levels')],
    });
    expect(await parse('[{"a":1,"b":2},{"a":1}]', { partValues: 3 })).toEqual([
      'an element that has more than 3 values and members',
      { a: 1 },
    ]);
  });

  it('lets others run between its parts, and no part is larger than a group', async () => {
    const parts: number[] = [];
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ [`name${i}`]: 'x'.repeat(80) })));
    const value = await parseLargeJson(
      Buffer.from(text),
      (part) => {
        parts.push(part.length);
        return JSON.parse(part);
      },
      JSON_LIMITS,
    );
    isDone = true;
    expect(value).toEqual(JSON.parse(text));
    expect(parts.length).toBeGreaterThan(50);
    expect(Math.max(...parts)).toBeLessThan(34_000);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / 262_144));
  });
});
