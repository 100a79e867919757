import type { Row } from '../fields/index.js';
import { entityOf } from '../resource.js';
import { type EndpointFields, endpointDeclaration } from './schemas.js';

/** A push endpoint as it is stored: durations as they were written, secrets sealed inside `config`. */
export const EndpointEntity = entityOf<EndpointFields>(endpointDeclaration);
export type EndpointEntity = Row<EndpointFields>;
