import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { type ReadAlert, UnknownPayload } from '../source.js';
import { readRequest } from './read.js';

const readCloudEvent = (body: unknown): ReadAlert =>
  [...readRequest({ body, headers: { 'content-type': 'application/cloudevents+json' } }).alerts][0] as ReadAlert;
const readCloudEvents = (body: unknown): readonly ReadAlert[] => [
  ...readRequest({ body, headers: { 'content-type': 'application/cloudevents-batch+json' } }).alerts,
];
const readBinaryCloudEvent = (headers: Record<string, string>, body: unknown): ReadAlert =>
  [...readRequest({ body, headers }).alerts][0] as ReadAlert;

const data = { policy: 'cpu', object: 'host', level: 'fatal' };
const TIME = '2026-11-20T08:00:00.000Z';
const made = new CloudEvent({ id: '7', source: '/monitor/gz', type: 'alert', time: TIME, data });
const attributes = { specversion: '1.0', id: '7', source: '/s', type: 't' };
const idOf = (over: object) => {
  const found = readCloudEvent({ ...attributes, data, ...over });
  return found.ok ? found.event.id : found.errors;
};

describe('a CloudEvent as the SDK makes it', () => {
  const event = { ...data, id: '/monitor/gz 7', startsAt: TIME };

  it('is read in structured mode', () => {
    const { headers, body } = HTTP.structured(made);
    expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
    expect(readCloudEvent(JSON.parse(body as string))).toEqual({ ok: true, event });
  });

  it('is read in binary mode', () => {
    const { headers, body } = HTTP.binary(made);
    expect(readBinaryCloudEvent(headers as Record<string, string>, JSON.parse(body as string))).toEqual({
      ok: true,
      event,
    });
  });

  it('is read out of a batch, each on its own', () => {
    const found = readCloudEvents([made.toJSON(), 7, made.cloneWith({ id: '8' }).toJSON()]);
    expect(found.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(found[2]).toMatchObject({ event: { id: '/monitor/gz 8' } });
    expect(readCloudEvents([])).toEqual([]);
    for (const body of [{}, Array.from({ length: 20_001 }, () => 7)])
      expect(() => readCloudEvents(body)).toThrow(UnknownPayload);
  });

  it('is read with its data in base64', () => {
    const bytes = new CloudEvent({
      id: '7',
      source: '/s',
      type: 't',
      data: Buffer.from(JSON.stringify({ ...data, title: '磁盘' })),
    });
    const structured = JSON.parse(HTTP.structured(bytes).body as string);
    expect(structured).toHaveProperty('data_base64');
    expect(readCloudEvent({ ...structured, datacontenttype: undefined })).toMatchObject({
      event: { ...data, title: '磁盘' },
    });
  });
});

describe('the id of the event', () => {
  it('is made of source and id; the id of the data is ignored', () => {
    expect(idOf({ data: { ...data, id: 'mine' } })).toBe('/s 7');
  });

  it.each([
    ['is too long', { id: 'x'.repeat(127) }],
    ['is not ASCII', { id: '七' }],
    ['has a blank', { id: 'a b' }],
    ['has a line break', { source: '/s\n' }],
  ])('is a hash of both where one of them %s', (_, over) => {
    expect(idOf(over)).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf(over)).toBe(idOf(over));
    expect(idOf(over)).not.toBe(idOf({ ...over, type: 'u', source: '/other' }));
  });

  it('differs if the same letters are split differently', () => {
    const ids = [
      idOf({ source: 'a', id: 'b c' }),
      idOf({ source: 'a b', id: 'c' }),
      idOf({ source: 'a', id: 'bc' }),
      idOf({ source: 'ab', id: 'c' }),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

it('its time is the start of the alert, or the end of a recovery, unless the data has one', () => {
  const timed = (over: object) => readCloudEvent({ ...attributes, time: TIME, data: { ...data, ...over } });
  expect(timed({})).toMatchObject({ event: { startsAt: TIME } });
  expect(timed({ startsAt: null })).toMatchObject({ event: { startsAt: TIME } });
  expect(timed({ startsAt: '2026-01-01T00:00:00Z' })).toMatchObject({ event: { startsAt: '2026-01-01T00:00:00Z' } });
  const recovered = timed({ level: 'recovered' });
  expect(recovered).toMatchObject({ event: { endsAt: TIME } });
  expect(recovered.ok && recovered.event).not.toHaveProperty('startsAt');
});

describe('bad CloudEvents', () => {
  it.each([
    [null, '', 'must be an object, not null'],
    [[], '', 'must be an object, not an array'],
    [{ ...attributes, specversion: '0.3', data }, 'specversion', 'must be 1.0, not "0.3"'],
    [{ ...attributes, id: undefined, data }, 'id', 'is required and must be a string'],
    [{ ...attributes, source: '', data }, 'source', 'has 0 characters, at least 1 is needed'],
    [{ ...attributes, type: 5, data }, 'type', 'must be a string, not 5'],
    [
      { ...attributes, datacontenttype: 'text/xml', data: '<a/>' },
      'datacontenttype',
      'must be a JSON type, such as application/json',
    ],
    [attributes, 'data', 'must be an event as an object, not missing'],
    [{ ...attributes, data: 'text' }, 'data', 'must be an event as an object, not a string'],
    [{ ...attributes, data: [data] }, 'data', 'must be an event as an object, not an array'],
    [{ ...attributes, data_base64: 'not base64!' }, 'data_base64', 'must be base64'],
    [{ ...attributes, data_base64: Buffer.from('{').toString('base64') }, 'data_base64', 'does not hold JSON in UTF-8'],
    [
      { ...attributes, data_base64: Buffer.from([0x22, 0xd6, 0xf7, 0x22]).toString('base64') },
      'data_base64',
      'does not hold JSON in UTF-8',
    ],
    [
      { ...attributes, data_base64: Buffer.from('7').toString('base64') },
      'data',
      'must be an event as an object, not 7',
    ],
  ])('%j is refused by its attribute', (value, path, message) => {
    expect(readCloudEvent(value)).toEqual({ ok: false, errors: expect.arrayContaining([{ path, message }]) });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/vnd.acme+json', 'text/json', undefined])(
    'data of type %s is JSON',
    (datacontenttype) => {
      expect(readCloudEvent({ ...attributes, datacontenttype, data }).ok).toBe(true);
    },
  );

  it('keep a hostile member of the data, so that the check of the event refuses it', () => {
    const found = readCloudEvent({ ...attributes, data: JSON.parse('{"__proto__":{"level":"fatal"}}') });
    expect(found.ok && Object.hasOwn(found.event, '__proto__')).toBe(true);
  });
});

describe('attributes in headers', () => {
  const headers = { 'ce-specversion': '1.0', 'ce-id': '7', 'ce-source': '/s', 'ce-type': 't' };
  const read = (over: Record<string, string>) => readBinaryCloudEvent({ ...headers, ...over }, data);
  const latin1 = (text: string) => Buffer.from(text).toString('latin1');

  it.each([
    ['%E6%95%B0', '数'],
    ['%e6%95%b0', '数'],
    ['a%20b', 'a b'],
    ['%2541', '%41'],
    ['100%', '100%'],
    ['%zz', '%zz'],
    ['"a \\"b\\" %41"', 'a "b" A'],
    [latin1('数'), '数'],
  ])('%j is decoded once, to %j', (header, id) => {
    expect(read({ 'ce-id': header })).toEqual(readCloudEvent({ ...attributes, id, data }));
  });

  it.each(['%ff', '%E6%95', '%c0%af', '\u00ff', '%ED%A0%80'])('%j is no UTF-8, and refused', (header) => {
    expect(read({ 'ce-id': header })).toEqual({
      ok: false,
      errors: [{ path: 'ce-id', message: 'is not percent-encoded UTF-8' }],
    });
  });

  it('that are missing are named as headers', () => {
    expect(readBinaryCloudEvent({ 'ce-id': '7' }, data)).toMatchObject({
      errors: [{ path: 'ce-specversion' }, { path: 'ce-source' }, { path: 'ce-type' }],
    });
  });
});
