/// <reference types="vite/types/importMeta.d.ts" />
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { alertEventSchema } from '#libs/contracts';
import { parseAlert } from '#libs/intake';
import { type ReadAlert, type Reading, type Source, type SourceRequest, sources, UnknownPayload } from '#libs/sources';
import type { Fixture } from './fixture.js';
import { differentPayloads, HUGE, hostileValues, leavesOf, replaced } from './mutations.js';

/** Found by their place, so that no source can be left out. */
const fixtureFiles = import.meta.glob<Fixture>('../src/*/fixtures/*.json', { eager: true, import: 'default' });
const fixturesOf = (type: string) =>
  Object.entries(fixtureFiles).filter(([file]) => file.startsWith(`../src/${type}/fixtures/`));

const NOW = Date.parse('2026-11-20T08:01:00Z');
const typeOf = ({ http }: Source): string => http.contentTypes?.[0] ?? 'application/json';
const requestOf = (source: Source, body: unknown): SourceRequest => ({
  body,
  headers: { 'content-type': typeOf(source) },
});

/** The reading of a body; undefined if it is declared unknown. Any other error fails the test. */
function read(
  source: Source,
  request: SourceRequest,
): (Omit<Reading, 'alerts'> & { alerts: ReadAlert[] }) | { unknown: UnknownPayload } {
  try {
    const reading = source.read(request, NOW);
    return { ...reading, alerts: [...reading.alerts] };
  } catch (error) {
    if (error instanceof UnknownPayload) return { unknown: error };
    throw error;
  }
}

/** Paths of all errors in a body, after the events were checked too. */
function errorPaths(source: Source, body: unknown): string[] {
  const reading = read(source, requestOf(source, body));
  if ('unknown' in reading) return reading.unknown.errors.map(({ path }) => path);
  return reading.alerts.flatMap((alert, index) => {
    const parsed = parseAlert(alert, reading.eventField);
    const place = reading.place ? [...reading.place, index] : [];
    return parsed.ok ? [] : parsed.errors.map(({ path }) => [...place, path].filter((part) => part !== '').join('.'));
  });
}

afterEach(() => {
  vi.useRealTimers();
});

describe.each(sources.map((source) => [source.type, source] as const))('the source %s', (type, source) => {
  describe.each(fixturesOf(type))('the recorded request %s', (_file, { headers, body }) => {
    it('is read to events that pass the event schema', () => {
      const { alerts: lazy, eventField } = source.read({ body, headers }, NOW);
      const alerts = [...lazy];
      expect(alerts.length).toBeGreaterThan(0);
      for (const alert of alerts) {
        const parsed = parseAlert(alert, eventField);
        expect(parsed).toMatchObject({ ok: true });
        if (parsed.ok) expect(alertEventSchema.parse(parsed.incoming.event)).toEqual(parsed.incoming.event);
      }
    });

    it('is valid by the payload schema', () => {
      expect(source.payload.safeParse(body).error?.issues).toBeUndefined();
    });
  });

  it('has recorded requests', () => {
    expect(fixturesOf(type).length, `libs/sources/src/${type}/fixtures holds no requests`).toBeGreaterThan(0);
  });

  it('has an example that is valid by the payload schema and is read', () => {
    expect(source.payload.safeParse(source.example).error?.issues).toBeUndefined();
    expect(errorPaths(source, source.example)).toEqual([]);
    expect([...source.read(requestOf(source, source.example), NOW).alerts].length).toBeGreaterThan(0);
  });

  it('has a payload schema from which OpenAPI is generated', () => {
    const schema = z.toJSONSchema(source.payload, { io: 'input', unrepresentable: 'any' });
    expect(JSON.stringify(schema)).toContain('"properties"');
    expect(schema).toSatisfy((found: object) => 'type' in found || 'anyOf' in found || '$ref' in found);
  });

  it('names the field of a bad value', () => {
    const refused = leavesOf(source.example).filter((path) => {
      const paths = errorPaths(source, replaced(source.example, path, { bad: [true] }));
      const place = path.join('.');
      for (const found of paths)
        expect(
          place === found || place.startsWith(`${found}.`) || found.startsWith(`${place}.`),
          `a bad ${place} is reported as ${found}`,
        ).toBe(true);
      return paths.length > 0;
    });
    expect(refused.length).toBeGreaterThan(0);
  });

  it.each(differentPayloads)('refuses a payload of another format: %j', (body) => {
    const reading = read(source, requestOf(source, body));
    if ('unknown' in reading) expect(reading.unknown.errors.length).toBeGreaterThan(0);
    else expect([reading.alerts.length, ...reading.alerts.map(({ ok }) => ok)]).toEqual([1, false]);
  });

  it('throws nothing but the declared error on hostile input, and explains each refusal', () => {
    for (const path of [[], ...leavesOf(source.example, { withNodes: true })]) {
      for (const value of hostileValues) {
        const reading = read(source, requestOf(source, replaced(source.example, path, value)));
        const errors =
          'unknown' in reading
            ? reading.unknown.errors
            : reading.alerts.flatMap((alert) => (alert.ok ? [] : alert.errors));
        for (const { message } of errors) expect(message).toMatch(/^\S/);
      }
    }
  });

  it('reads a huge number of labels and of alerts in a moment', () => {
    const before = performance.now();
    for (const path of leavesOf(source.example, { withNodes: true }))
      for (const value of HUGE) read(source, requestOf(source, replaced(source.example, path, value)));
    for (const value of HUGE) read(source, requestOf(source, value));
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('ignores unknown headers, and headers of any form', () => {
    const headers = { ...requestOf(source, null).headers, constructor: 'x', 'x-list': ['a', 'b'], 'x-none': undefined };
    expect(source.read({ body: source.example, headers }, NOW)).toEqual(
      source.read(requestOf(source, source.example), NOW),
    );
  });

  it('takes the time as an argument', () => {
    vi.useFakeTimers();
    const readings = ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z'].map((today) => {
      vi.setSystemTime(new Date(today));
      return fixturesOf(type).map(([, { headers, body }]) => source.read({ body, headers }, NOW));
    });
    expect(readings[0]).toEqual(readings[1]);
  });

  it('states its HTTP side in full', () => {
    const { operations, description, aliases = [], contentTypes = [] } = source.http;
    expect(Object.values(operations).length).toBeGreaterThan(0);
    for (const { summary } of Object.values(operations)) expect(summary).toMatch(/^Takes in /);
    expect(description.length).toBeGreaterThan(20);
    for (const { path } of aliases) expect(path).toMatch(/^\/api\/v\d\/[a-z/]+$/);
    for (const contentType of contentTypes) expect(contentType).toMatch(/^[a-z]+\/[a-z-]+\+json$/);
  });
});

it('no two sources share a route', () => {
  const paths = sources.flatMap(({ type, http }) => [
    `/api/v1/ingest/${type}`,
    ...(http.aliases ?? []).map(({ path }) => path),
  ]);
  expect(new Set(paths).size).toBe(paths.length);
});
