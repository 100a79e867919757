import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintAsNumber } from '#libs/persistence';

/** One row: grows with every change of settings, in the transaction that makes the change. */
@Entity('settings_version')
export class SettingsVersionEntity {
  @PrimaryColumn({ type: 'boolean' })
  single: boolean;

  @Column({ type: 'bigint', transformer: bigintAsNumber })
  version: number;

  /** Secrets that an earlier version sealed without binding them to their place have been sealed again. */
  @Column({ type: 'boolean', name: 'secrets_bound' })
  secretsBound: boolean;
}
