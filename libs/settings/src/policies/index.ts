import { defineResource } from '../resource.js';
import { FormerLinkEntity } from './former-link.entity.js';
import { loadPolicies } from './load-policies.js';
import { PolicyEntity } from './policy.entity.js';
import { PolicyLinkEntity } from './policy-link.entity.js';
import { policyRules } from './policy-rules.js';
import { policyDeclaration } from './schemas.js';

/** Policies: the routes of events to endpoints. */
export const policies = defineResource({
  declaration: policyDeclaration,
  entity: PolicyEntity,
  tables: [PolicyLinkEntity, FormerLinkEntity],
  rules: policyRules,
  snapshot: loadPolicies,
});
