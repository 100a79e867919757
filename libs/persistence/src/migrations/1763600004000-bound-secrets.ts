import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records whether secrets sealed by an earlier version were bound to their row and field, which `migrate` does once. */
export class BoundSecrets1763600004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settings_version ADD COLUMN secrets_bound boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settings_version DROP COLUMN secrets_bound');
  }
}
