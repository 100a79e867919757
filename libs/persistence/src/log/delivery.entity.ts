import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus, Level, OutcomeKind } from '#libs/contracts';
import { bigintAsNumber } from '../database/bigint-as-number.js';

/** A line of the delivery log. The event's fields are null until the record with the event is stored. */
@Entity('deliveries')
export class DeliveryEntity {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'integer' })
  revision: number;

  @Column({ type: 'text' })
  status: DeliveryStatus;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  @Column({ type: 'text', name: 'endpoint_id' })
  endpointId: string;

  @Column({ type: 'text', name: 'endpoint_name' })
  endpointName: string;

  @Column({ type: 'text' })
  team: string;

  @Column({ type: 'text' })
  channel: string;

  @Column({ type: 'text' })
  target: string;

  @Column({ type: 'text', name: 'event_id', nullable: true })
  eventId: string | null;

  @Column({ type: 'text', nullable: true })
  policy: string | null;

  @Column({ type: 'text', nullable: true })
  object: string | null;

  @Column({ type: 'text', nullable: true })
  level: Level | null;

  @Column({ type: 'text', nullable: true })
  title: string | null;

  /** The event as JSON text; jsonb would refuse an escaped NUL. */
  @Column({ type: 'text', nullable: true })
  event: string | null;

  @Column({ type: 'integer', name: 'attempt_count' })
  attemptCount: number;

  /** Refused recipients, as a JSON array. */
  @Column({ type: 'text', nullable: true })
  partial: string | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'created_at' })
  createdAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'recorded_at' })
  recordedAt: Date;

  @Column({ type: 'timestamptz', precision: 3, name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, name: 'next_attempt_at', nullable: true })
  nextAttemptAt: Date | null;

  @Column({ type: 'text', name: 'target_id', nullable: true })
  targetId: string | null;

  @Column({ type: 'bigint', nullable: true, transformer: bigintAsNumber })
  episode: number | null;

  @Column({ type: 'text', name: 'fallback_of', nullable: true })
  fallbackOf: string | null;

  /** Id of the replayed delivery, derived from this id. */
  @Column({ type: 'text', name: 'replay_of', nullable: true })
  replayOf: string | null;

  @Column({ type: 'text', nullable: true })
  digest: string | null;
}

/** One attempt of a delivery. There is no foreign key, since attempts and lines are stored in any order and batch. */
@Entity('attempts')
export class AttemptEntity {
  @PrimaryColumn({ type: 'text', name: 'delivery_id' })
  deliveryId: string;

  @PrimaryColumn({ type: 'integer' })
  n: number;

  @Column({ type: 'timestamptz', precision: 3, name: 'started_at' })
  startedAt: Date;

  @Column({ type: 'integer', name: 'duration_ms' })
  durationMs: number;

  @Column({ type: 'text' })
  outcome: OutcomeKind;

  @Column({ type: 'text', nullable: true })
  code: string | null;

  @Column({ type: 'text', nullable: true })
  message: string | null;

  @Column({ type: 'text', nullable: true })
  excerpt: string | null;
}

export const LOG_ENTITIES = [DeliveryEntity, AttemptEntity];
