// Records CloudEvents of the JavaScript SDK, in each of its modes, as fixtures of libs/sources:
//   node scripts/record-cloudevents.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudEvent, HTTP } from 'cloudevents';
import { recordRequest } from './record-request.mjs';
import { ROOT } from './run.mjs';

const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/cloudevents/package.json'), 'utf8'));
const by = `cloudevents for JavaScript, version ${version}`;
const data = {
  policy: 'disk-full',
  object: 'db1:/数据',
  level: 'fatal',
  title: '磁盘 C:\\data "a" is full',
  value: 97.5,
};
const recovered = { policy: data.policy, object: data.object, level: 'recovered' };
const about = { source: '/monitor/gz', type: 'example.alert', time: '2026-11-20T08:00:00.000Z' };
const event = new CloudEvent({ ...about, id: 'a1', subject: 'db1', data });
const recovery = new CloudEvent({ ...about, id: 'a2', data: recovered });

function record(mode, { headers, body }) {
  const parsed = typeof body === 'string' ? JSON.parse(body) : body;
  const path = '/api/v1/ingest/cloudevents';
  recordRequest(`cloudevents/${mode}`, by, { method: 'POST', path, headers, body: parsed });
}

record('structured', HTTP.structured(event));
record('binary', HTTP.binary(event));
// The SDK has no function for batches; a batch is the list of its events.
record('batch', {
  headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
  body: [event.toJSON(), recovery.toJSON()],
});
