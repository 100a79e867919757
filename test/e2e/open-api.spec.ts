import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Exception, runSchemathesis } from '../support/schemathesis/run.js';
import { ADMIN_KEY, Installation } from './installation.js';

const SEED = Number(process.env.OPENAPI_SEED ?? 1);
const EXAMPLES = Number(process.env.OPENAPI_EXAMPLES ?? 8);
/** Fewest test cases of a run: fewer mean that the tool did not generate what the document describes. */
const CASES_MIN = 1_500;
/** Most time of a run, on a busy machine; alone it takes about a minute. */
const RUN_MS = 300_000;

const LISTS = ['channels', 'deliveries', 'endpoints', 'policies', 'unrouted'].map((name) => `GET /api/v1/${name}`);
const SETTINGS = [
  'POST /api/v1/endpoints',
  'PATCH /api/v1/endpoints/{id}',
  'POST /api/v1/endpoints/{id}/clone',
  'POST /api/v1/endpoints/{id}/test',
  'POST /api/v1/endpoints/test',
  'POST /api/v1/policies',
  'PATCH /api/v1/policies/{key}',
];
const SOURCES = [
  'POST /api/v1/ingest/alertmanager',
  'POST /api/v1/ingest/grafana',
  'PUT /api/v1/ingest/grafana',
  'POST /api/v1/ingest/prometheus',
  'POST /api/v2/alerts',
];

const EXCEPTIONS: Exception[] = [
  {
    check: 'positive_data_acceptance',
    operations: LISTS,
    accepts: [400, 431],
    because: 'a cursor is opaque, and valid only if the list returned it',
  },
  {
    check: 'negative_data_rejection',
    operations: LISTS,
    accepts: [431],
    because: 'a cursor that is too long may exceed the limit of all headers first',
  },
  {
    check: 'positive_data_acceptance',
    operations: SETTINGS,
    accepts: [400],
    because: 'fields depend on each other, on the channel, and on teams and endpoints that exist',
  },
  {
    check: 'positive_data_acceptance',
    operations: ['POST /api/v1/deliveries/replay', 'POST /api/v1/deliveries/cancel'],
    accepts: [400],
    because: 'a filter is required, `from` must precede `to`, and NUL cannot be stored',
  },
  {
    check: 'positive_data_acceptance',
    operations: ['POST /api/v1/events', ...SOURCES],
    accepts: [400],
    because: 'bytes of an event and labels that are not empty are counted, which JSON Schema cannot describe',
  },
  {
    check: 'positive_data_acceptance',
    operations: ['POST /api/v1/ingest/cloudevents'],
    accepts: [400],
    because: 'binary mode needs `ce-` headers, and an event has its own limits',
  },
  {
    check: 'allow_header_conformance',
    operations: ['POST /api/v1/deliveries/replay', 'POST /api/v1/deliveries/cancel', 'POST /api/v1/endpoints/test'],
    because: 'the path with an id answers the other methods at this path',
  },
];

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start();
});
afterAll(() => installation.stop());

it('every operation of the OpenAPI document answers as the document describes, without a 5xx', {
  timeout: RUN_MS + 300_000,
}, async () => {
  console.log(`requests of schemathesis: OPENAPI_SEED=${SEED} OPENAPI_EXAMPLES=${EXAMPLES}`);
  const document = await installation.call<{ paths: Record<string, object> }>('GET', '/openapi.json');
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;

  const report = await runSchemathesis({
    url: installation.apiUrls[0] as string,
    key: ADMIN_KEY,
    seed: SEED,
    examples: EXAMPLES,
    exceptions: EXCEPTIONS,
    timeoutMs: RUN_MS,
  });

  expect(
    {
      complete: report.complete,
      operations: report.operations,
      failures: report.test_cases.unique_failures,
      errors: report.errors,
    },
    report.output.slice(-40_000),
  ).toMatchObject({
    complete: true,
    operations: { total: operations, tested: operations, errored: 0, skipped: 0 },
    failures: 0,
    errors: [],
  });
  expect(report.test_cases.generated).toBeGreaterThan(CASES_MIN);
  console.log(`${report.test_cases.generated} requests to ${operations} operations`);
});
