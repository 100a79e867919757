import { z } from 'zod';
import { newId, SettingsConflict, SettingsForbidden, SettingsNotFound } from '../changes/index.js';
import { defineAct } from '../resource.js';
import { requireKind } from './check-config.js';
import {
  type EndpointFields,
  endpointCloneSchema,
  endpointDeclaration,
  endpointTestSchema,
  testResultSchema,
} from './schemas.js';
import { usableEndpoint } from './usable-endpoint.js';

const testUnsaved = defineAct<EndpointFields, typeof endpointTestSchema>({
  name: 'testUnsaved',
  operationId: 'testUnsavedEndpointTests',
  path: 'test',
  right: 'operate',
  summary: 'Sends a test message to an endpoint that is not stored',
  description:
    'Nothing is stored. With the `id` of a stored endpoint, masks stand for its secrets, as long as the destination is the same; this needs the right to change it.',
  status: 200,
  body: endpointTestSchema,
  bodyRequired: true,
  answer: testResultSchema,
  errors: [400, 404, 413, 415],
  async run({ store, kinds, tester, now }, caller, { body: { id, policies: _, ...settings } }) {
    // Otherwise a caller without the right to change settings could send stored secrets to an address of its own.
    if (id !== undefined && !caller.mayManage) {
      throw new SettingsForbidden(
        'a test of other settings with the stored secrets of an endpoint needs the right to change it',
      );
    }
    const team = caller.oneTeam(settings.team);
    const checked = await store.check(settings, id === undefined ? undefined : { key: id, team: caller.team });
    const at = now();
    const fields = { ...checked, id: newId(at.getTime()), team, updatedAt: at };
    return tester.test(usableEndpoint(fields, requireKind(kinds, checked.channel), checked.config));
  },
});

const noBody = z.strictObject({}).optional();

const test = defineAct<EndpointFields, typeof noBody>({
  name: 'test',
  operationId: 'testEndpointTests',
  path: '{key}/test',
  right: 'operate',
  summary: 'Sends a test message to an endpoint',
  status: 200,
  body: noBody,
  bodyRequired: false,
  answer: testResultSchema,
  errors: [400, 404, 409, 413, 415],
  async run({ store, settings, tester }, { team }, { key }) {
    await store.get({ key, team });
    const endpoint = (await settings.refresh()).endpoints.get(key);
    if (!endpoint) throw new SettingsNotFound('endpoint with this id');
    if (Object.keys(endpoint.config).length === 0) {
      throw new SettingsConflict('the stored settings of this endpoint cannot be read; send its whole config again');
    }
    return tester.test(endpoint);
  },
});

const clone = defineAct<EndpointFields, typeof endpointCloneSchema>({
  name: 'clone',
  operationId: 'cloneEndpoints',
  path: '{key}/clone',
  right: 'manage',
  summary: 'Copies an endpoint under another name',
  description: 'All settings are copied, secrets included. The copy is linked to the given policies and to no others.',
  status: 201,
  body: endpointCloneSchema,
  bodyRequired: false,
  answer: endpointDeclaration.schemas.answer,
  errors: [400, 404, 409, 413, 415],
  run: ({ store }, { actor, team }, { key, body }) => store.copy(actor, { key, team }, body),
});

export const endpointActs = [testUnsaved, test, clone];
