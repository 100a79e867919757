import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Level } from '#libs/contracts';
import { bigintAsNumber } from './bigint-as-number.js';

/** A push endpoint as it is stored: durations as they were written, secrets sealed inside `config`. */
@Entity('endpoints')
export class EndpointEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  team: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  channel: string;

  @Column({ type: 'boolean' })
  enabled: boolean;

  @Column({ type: 'jsonb' })
  config: Record<string, unknown>;

  @Column({ type: 'text', array: true })
  levels: Level[];

  @Column({ type: 'text', name: 'push_period' })
  pushPeriod: string;

  @Column({ type: 'integer', name: 'max_pushes' })
  maxPushes: number;

  @Column({ type: 'boolean', name: 'push_on_escalation' })
  pushOnEscalation: boolean;

  @Column({ type: 'boolean', name: 'period_across_recovery' })
  periodAcrossRecovery: boolean;

  /** Null: the channel's own, so that it follows what the provider documents. */
  @Column({ type: 'jsonb', name: 'rate_limit', nullable: true })
  rateLimit: { max: number; per: string } | null;

  @Column({ type: 'text', name: 'expire_after' })
  expireAfter: string;

  @Column({ type: 'text', name: 'digest_after' })
  digestAfter: string;

  @Column({ type: 'text', nullable: true })
  fallback: string | null;

  @Column({ type: 'jsonb' })
  template: { title?: string; content?: string };

  /** The version of the settings this row was last changed in; readers keep what they made of it until it grows. */
  @Column({ type: 'bigint', name: 'changed_in', transformer: bigintAsNumber })
  changedIn: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'updated_at' })
  updatedAt: Date;
}
