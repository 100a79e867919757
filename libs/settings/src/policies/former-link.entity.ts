import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Match } from '#libs/contracts';

/** A policy before a change removed endpoints from it. Recoveries of earlier pushes still follow its links. */
@Entity('former_links')
export class FormerLinkEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'text' })
  team: string;

  @Column({ type: 'text', name: 'policy_key' })
  policyKey: string;

  @Column({ type: 'jsonb', nullable: true })
  match: Match | null;

  @Column({ type: 'text', array: true, name: 'endpoint_ids' })
  endpointIds: string[];

  @Column({ type: 'timestamptz', precision: 3, name: 'removed_at' })
  removedAt: Date;
}
