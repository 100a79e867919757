import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the digest in which a delivery was sent with others. */
export class Digests1763600003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deliveries ADD COLUMN digest text;
      CREATE INDEX deliveries_digest ON deliveries (digest) WHERE digest IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deliveries DROP COLUMN digest');
  }
}
