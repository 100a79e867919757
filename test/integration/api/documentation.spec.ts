import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, type Json, openApi } from './open-api.js';

let api: Api;
let document: Json;
beforeAll(async () => {
  api = await openApi();
  document = (await api.get('/openapi.json')).json;
});
afterAll(() => api.close());

/** Operations with an empty answer, as Alertmanager's. */
const ANSWERED_EMPTY = new Set(['post /api/v2/alerts', 'post /api/v1/ingest/prometheus']);

const operations = () =>
  Object.entries<Record<string, unknown>>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  );

it('describes every route of the API, and no other', () => {
  const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
  const routes = (
    api.app.getHttpAdapter().getInstance() as unknown as { printRoutes(options: object): string }
  ).printRoutes({ commonPrefix: false });
  for (const path of [
    '/api/v1/endpoints',
    '/api/v1/policies',
    '/api/v1/channels',
    '/api/v1/deliveries',
    '/api/v1/unrouted',
    '/api/v1/stats',
    '/healthz',
    '/readyz',
    '/metrics',
  ]) {
    expect(described).toContain(`GET ${path}`);
    expect(routes).toContain(path.slice(1));
  }
  expect(described).toEqual(
    expect.arrayContaining([
      'POST /api/v1/endpoints',
      'POST /api/v1/endpoints/test',
      'POST /api/v1/endpoints/{id}/test',
      'GET /api/v1/endpoints/{id}',
      'PATCH /api/v1/endpoints/{id}',
      'DELETE /api/v1/endpoints/{id}',
      'POST /api/v1/policies',
      'PATCH /api/v1/policies/{key}',
      'DELETE /api/v1/policies/{key}',
      'GET /api/v1/deliveries/{id}',
      'POST /api/v1/deliveries/replay',
      'POST /api/v1/deliveries/{id}/replay',
      'POST /api/v1/deliveries/cancel',
      'POST /api/v1/deliveries/{id}/cancel',
      'POST /api/v2/alerts',
      'POST /api/v1/ingest/alertmanager',
      'POST /api/v1/ingest/grafana',
      'PUT /api/v1/ingest/grafana',
      'POST /api/v1/ingest/cloudevents',
      'OPTIONS /api/v1/ingest/cloudevents',
    ]),
  );
});

/** Generated clients name their methods after these: a name that changes breaks them. */
const OPERATION_IDS = `
  agreeCloudEvents allCancel allReplay cloneEndpoints
  createEndpoints createPolicies getDeliveries getEndpoints
  getPolicies healthHealth listChannels listDeliveries
  listEndpoints listPolicies listUnrouted metricsHealth
  oneCancel oneReplay patchEndpoints patchPolicies
  postAlertmanagerApi postAlertmanagerWebhooks postCloudEvents postGrafanaWebhooks
  postIngest postPrometheus putGrafanaWebhooks readinessHealth
  removeEndpoints removePolicies statsStats testEndpointTests
  testUnsavedEndpointTests
`;

it('keeps the name of every operation', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(OPERATION_IDS.trim().split(/\s+/)));
});

it('has every route that README and docs name', () => {
  const { paths } = document;
  const known = Object.keys(paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'));
  for (const page of globSync(['README.md', 'docs/*.md']))
    for (const [, method, route = ''] of readFileSync(page, 'utf8').matchAll(
      /(?:\b(GET|POST|PATCH|DELETE) |[`"\w])(\/api\/v\d\/[\w/:-]*\w|\/healthz|\/readyz|\/metrics)/g,
    )) {
      expect([page, known]).toEqual([page, expect.arrayContaining([route])]);
      if (method) expect(Object.keys(paths[route.replace(/:(\w+)/g, '{$1}')])).toContain(method.toLowerCase());
    }
});

it('refers only to its own components', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] as string);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    const found = reference
      .slice(2)
      .split('/')
      .reduce((part, name) => part?.[name], document);
    expect([reference, found !== undefined]).toEqual([reference, true]);
  }
});

it('describes API keys and problem documents', () => {
  for (const { path, method, operation } of operations()) {
    const at = `${method} ${path}`;
    if (!path.startsWith('/api/')) continue;
    expect([at, operation.security]).toEqual([at, expect.arrayContaining([{ key: [] }, { basic: [] }])]);
    expect([at, operation.responses['401'].content['application/problem+json'].schema]).toEqual([
      at,
      { $ref: '#/components/schemas/Problem' },
    ]);
    expect(operation.summary.length).toBeGreaterThan(5);
    const success = Object.keys(operation.responses).find((status) => status.startsWith('2'));
    const answer = operation.responses[success as string];
    if (success === '204' || ANSWERED_EMPTY.has(at)) expect([at, answer.content]).toEqual([at, undefined]);
    else expect([at, answer.content['application/json'].schema]).toEqual([at, expect.any(Object)]);
  }
  expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(['key', 'basic']));
});

it('describes bodies and queries by the schemas that check them', () => {
  const { EndpointCreate, EndpointPatch, PolicyCreate } = document.components.schemas;
  expect(EndpointCreate.required).toEqual(['name', 'channel', 'config']);
  expect(EndpointCreate.properties.pushPeriod).toMatchObject({ default: '12h' });
  expect(EndpointCreate.additionalProperties).toBe(false);
  expect(EndpointPatch.required).toBeUndefined();
  expect(PolicyCreate.properties.match).toBeDefined();
  const patch = document.paths['/api/v1/endpoints/{id}'].patch.requestBody;
  expect(JSON.stringify(patch)).toContain('EndpointPatch');
  const names = document.paths['/api/v1/deliveries'].get.parameters.map(
    (parameter: { name: string }) => parameter.name,
  );
  expect(names.sort()).toEqual([
    'channel',
    'cursor',
    'digest',
    'endpoint',
    'from',
    'level',
    'limit',
    'object',
    'policy',
    'status',
    'team',
    'to',
  ]);
});

it('describes patches: null where it resets or removes, and by their content type', () => {
  const { EndpointPatch, PolicyPatch } = document.components.schemas;
  const takesNull = (schema: Json): boolean =>
    schema.type === 'null' || [schema.type].flat().includes('null') || (schema.anyOf ?? []).some(takesNull);
  const nullable = (patch: { properties: object }) =>
    Object.entries(patch.properties).flatMap(([name, schema]) => (takesNull(schema) ? [name] : []));
  const fields = Object.keys(EndpointPatch.properties);
  expect(nullable(EndpointPatch)).toEqual(fields.filter((name) => !['name', 'config'].includes(name)));
  expect(nullable(PolicyPatch)).toEqual(['name', 'endpoints', 'match', 'enabled']);
  expect(EndpointPatch.properties.pushPeriod.default).toBeUndefined();
  expect(EndpointPatch.properties.pushPeriod.description).toContain('push');
  expect(JSON.stringify([EndpointPatch.required, EndpointPatch.properties.rateLimit])).not.toContain('required');
  for (const path of ['/api/v1/endpoints/{id}', '/api/v1/policies/{key}']) {
    expect(Object.keys(document.paths[path].patch.requestBody.content)).toEqual([
      'application/merge-patch+json',
      'application/json',
    ]);
    expect(document.paths[path].delete.responses['415']).toBeDefined();
  }
});

it('describes fallbacks and replays as the API returns them', () => {
  const { Endpoint, EndpointCreate, EndpointPatch, Delivery, DeliveryDetail } = document.components.schemas;
  const textOrNull = { type: ['string', 'null'] };
  expect(Endpoint.properties.fallback).toMatchObject(textOrNull);
  for (const { properties } of [EndpointCreate, EndpointPatch]) {
    expect(properties.fallback.anyOf).toMatchObject([{ type: 'string' }, { type: 'null' }]);
    expect(properties.fallback.description).toContain('same team');
  }
  for (const { properties, required } of [Delivery, DeliveryDetail]) {
    expect(properties).toMatchObject({ fallbackOf: textOrNull, replayOf: textOrNull });
    expect(required).toEqual(expect.arrayContaining(['fallbackOf', 'replayOf']));
  }
});

it('describes replaying and cancelling, with examples', () => {
  const replay = document.paths['/api/v1/deliveries/replay'].post;
  const { ReplayRequest, CancelRequest } = document.components.schemas;
  expect(JSON.stringify(replay.requestBody)).toContain('ReplayRequest');
  expect(ReplayRequest.properties.status.enum).toEqual(['dead', 'cancelled', 'delivered']);
  expect(ReplayRequest.example.status).toBe('dead');
  expect(ReplayRequest.additionalProperties).toBe(false);
  expect(CancelRequest.properties.status.enum).toEqual(['waiting', 'retrying']);
  expect(CancelRequest.properties.force).toBeUndefined();
  expect(replay.parameters.map(({ name }: { name: string }) => name)).toEqual(['dryRun']);
  expect(replay.responses['202'].content['application/json'].example.skippedBecause.episodeEnded).toBe(4);
  const single = document.paths['/api/v1/deliveries/{id}/replay'].post;
  expect(single.parameters.map(({ name }: { name: string }) => name).sort()).toEqual(['dryRun', 'force', 'id']);
  expect(single.requestBody.required).toBe(false);
  expect(single.responses['409']).toBeDefined();
});

it('describes the formats of other systems, with examples', () => {
  const { paths } = document;
  for (const path of ['/api/v2/alerts', '/api/v1/ingest/alertmanager', '/api/v1/ingest/grafana']) {
    const { content } = paths[path].post.requestBody;
    expect(JSON.stringify(content['application/json'].schema)).toContain('AlertWebhook');
    expect(content['application/json'].examples.example.value).toBeDefined();
    const { description } = paths[path].post.responses['429'];
    expect([path, description]).toEqual([path, 'Too many wrong keys from this address; see Retry-After']);
  }
  expect(paths['/api/v1/events'].post.responses['429'].description).toMatch(/^Over the quota/);
  expect(paths['/api/v1/ingest/grafana'].put.operationId).not.toBe(paths['/api/v1/ingest/grafana'].post.operationId);
  const { WebhookAlert, PostedAlert, CloudEvent, WebhookReport, IntakeReport } = document.components.schemas;
  expect(WebhookAlert.required).toEqual(['status', 'labels']);
  expect(PostedAlert.required).toEqual(['labels']);
  expect(CloudEvent.properties.data).toMatchObject({ $ref: '#/components/schemas/AlertEvent' });
  expect(Object.keys(WebhookReport.properties)).toEqual([...Object.keys(IntakeReport.properties), 'truncatedAlerts']);
  const cloudEvents = paths['/api/v1/ingest/cloudevents'];
  expect(Object.keys(cloudEvents.post.requestBody.content)).toEqual([
    'application/cloudevents+json',
    'application/cloudevents-batch+json',
    'application/json',
  ]);
  expect(cloudEvents.post.responses['429'].description).toMatch(/^Over the quota/);
  const bodyOf = (type: string) => cloudEvents.post.requestBody.content[type].schema;
  expect(JSON.stringify(bodyOf('application/cloudevents+json'))).toContain('CloudEvent');
  expect(bodyOf('application/cloudevents-batch+json').items).toEqual({ $ref: '#/components/schemas/CloudEvent' });
  expect(JSON.stringify(bodyOf('application/json'))).not.toContain('CloudEvent');
  const { content } = paths['/api/v1/events'].post.requestBody;
  expect(content['application/x-ndjson'].schema).toMatchObject({ type: 'array', minItems: 1 });
  expect(content['application/x-ndjson'].schema.maxItems).toBeUndefined();
  expect(cloudEvents.options.responses['204']).toBeDefined();
});

it('describes a test without a body, and the health routes', () => {
  const test = document.paths['/api/v1/endpoints/{id}/test'].post;
  expect(Object.keys(test.responses)).toEqual(expect.arrayContaining(['400', '415']));
  expect(test.requestBody.required).toBe(false);
  expect(test.requestBody.content['application/json'].schema).toEqual({
    type: 'object',
    properties: {},
    additionalProperties: false,
  });
  const { '/healthz': live, '/readyz': ready } = document.paths;
  expect(live.get.responses['200'].content['application/json'].schema.properties.status).toBeDefined();
  expect(ready.get.responses['200'].content['application/json'].schema.properties.degraded).toBeDefined();
  expect(ready.get.responses['503'].content['application/problem+json'].schema.properties.missing).toBeDefined();
});

it('serves a page to read it', async () => {
  const page = await api.get('/docs');
  expect(page.headers['content-type']).toContain('text/html');
  expect((await api.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
});

it('serves the page with a content policy that it keeps to', async () => {
  for (const path of ['/docs', '/docs/', '/docs/swagger-ui-init.js', '/docs/none']) {
    const policy = String((await api.get(path)).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
  }
  const { text } = await api.get('/docs');
  for (const [script] of text.matchAll(/<script[^>]*>[^<]*<\/script>/g)) expect(script).toMatch(/ src="\.[^"]+"> *</);
  expect(text).not.toMatch(/\son\w+=|javascript:/i);
});

it.each([
  ['/docs', 200],
  ['/openapi.json', 200],
  ['/queues', 200],
  ['/', 200],
  ['/healthz', 200],
  ['/metrics', 200],
  ['/api/v1/policies', 200],
  ['/api/v1/none', 404],
])('does not let another site show %s', async (path, status) => {
  const answer = await api.get(path);
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  });
  const refused = await api.get(path, { authorization: 'Bearer wrong' });
  expect(refused.headers['content-security-policy']).toContain("frame-ancestors 'none'");
});
