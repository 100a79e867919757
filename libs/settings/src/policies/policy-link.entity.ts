import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A policy sends its events to an endpoint of its own team. */
@Entity('policy_endpoints')
export class PolicyLinkEntity {
  @PrimaryColumn({ type: 'text' })
  team: string;

  @PrimaryColumn({ type: 'text', name: 'policy_key' })
  policyKey: string;

  @PrimaryColumn({ type: 'text', name: 'endpoint_id' })
  endpointId: string;

  /** The order in which the policy names its endpoints. */
  @Column({ type: 'integer' })
  position: number;
}
