import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds existing fallback endpoints, and columns of the log for replays and for the origin of a delivery. */
export class FallbackAndReplay1763600002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE endpoints ADD CONSTRAINT endpoints_fallback
        FOREIGN KEY (team, fallback) REFERENCES endpoints (team, id);
      CREATE INDEX endpoints_by_fallback ON endpoints (team, fallback) WHERE fallback IS NOT NULL;

      ALTER TABLE deliveries
        ADD COLUMN target_id text,
        ADD COLUMN episode bigint,
        ADD COLUMN fallback_of text,
        ADD COLUMN replay_of text;
      CREATE INDEX deliveries_replay ON deliveries (replay_of) WHERE replay_of IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deliveries
        DROP COLUMN target_id,
        DROP COLUMN episode,
        DROP COLUMN fallback_of,
        DROP COLUMN replay_of;
      DROP INDEX endpoints_by_fallback;
      ALTER TABLE endpoints DROP CONSTRAINT endpoints_fallback;
    `);
  }
}
