import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes whether secrets that an earlier version sealed have been bound to where they are kept; `migrate` does that, once. */
export class BoundSecrets1763600004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settings_version ADD COLUMN secrets_bound boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settings_version DROP COLUMN secrets_bound');
  }
}
