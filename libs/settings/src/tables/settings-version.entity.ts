import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from './bigint-as-number.js';

/** One row: grows with every change of settings, in the transaction that makes the change. */
@Entity('settings_version')
export class SettingsVersionEntity {
  @PrimaryColumn({ type: 'boolean' })
  single: boolean;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  version: number;

  /** No secret is left that was sealed by a version that did not bind it to its place. */
  @Column({ type: 'boolean', name: 'secrets_bound' })
  secretsBound: boolean;
}
