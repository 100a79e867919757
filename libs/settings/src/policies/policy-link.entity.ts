import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Match } from '#libs/contracts';

@Entity('policies')
export class PolicyEntity {
  @PrimaryColumn({ type: 'text' })
  team: string;

  @PrimaryColumn({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'jsonb', nullable: true })
  match: Match | null;

  @Column({ type: 'boolean' })
  enabled: boolean;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' })
  updatedAt: Date;
}

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
