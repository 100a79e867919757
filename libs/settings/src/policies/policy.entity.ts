import type { Row } from '../fields/index.js';
import { entityOf } from '../resource.js';
import { type PolicyFields, policyDeclaration } from './schemas.js';

export const PolicyEntity = entityOf<PolicyFields>(policyDeclaration);
export type PolicyEntity = Row<PolicyFields>;
