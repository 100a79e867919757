import { AttemptEntity, DeliveryEntity } from './delivery.entity.js';
import { EndpointEntity } from './endpoint.entity.js';
import { FormerLinkEntity } from './former-link.entity.js';
import { PolicyEntity, PolicyLinkEntity } from './policy.entity.js';
import { SettingsVersionEntity } from './settings-version.entity.js';
import { TeamEntity } from './team.entity.js';

export {
  AttemptEntity,
  DeliveryEntity,
  EndpointEntity,
  FormerLinkEntity,
  PolicyEntity,
  PolicyLinkEntity,
  SettingsVersionEntity,
  TeamEntity,
};

export const ENTITIES = [
  TeamEntity,
  EndpointEntity,
  PolicyEntity,
  PolicyLinkEntity,
  FormerLinkEntity,
  SettingsVersionEntity,
  DeliveryEntity,
  AttemptEntity,
];
