import { defineResource } from '../resource.js';
import { EndpointEntity } from './endpoint.entity.js';
import { endpointActs } from './endpoint-acts.js';
import { endpointRules } from './endpoint-rules.js';
import { loadEndpoints } from './load-endpoints.js';
import { endpointDeclaration } from './schemas.js';

/** Push endpoints: a channel with its settings, owned by a team. */
export const endpoints = defineResource({
  declaration: endpointDeclaration,
  entity: EndpointEntity,
  rules: endpointRules,
  snapshot: loadEndpoints,
  acts: endpointActs,
});
