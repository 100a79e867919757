import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The delivery log: a line per delivery, a row per attempt, and an index for each kind of search, newest first. */
export class DeliveryLog1763600001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deliveries (
        id text PRIMARY KEY,
        revision integer NOT NULL,
        status text NOT NULL,
        reason text,
        endpoint_id text NOT NULL,
        endpoint_name text NOT NULL,
        team text NOT NULL,
        channel text NOT NULL,
        target text NOT NULL,
        event_id text,
        policy text,
        object text,
        level text,
        title text,
        event text,
        attempt_count integer NOT NULL,
        partial text,
        created_at timestamptz(3) NOT NULL,
        recorded_at timestamptz(3) NOT NULL,
        finished_at timestamptz(3),
        next_attempt_at timestamptz(3)
      );
      CREATE INDEX deliveries_newest ON deliveries (created_at, id);
      CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, created_at, id);
      CREATE INDEX deliveries_policy ON deliveries (policy, created_at, id);
      -- An object may have 1,024 characters, more than a page of an index takes; its hash finds it.
      CREATE INDEX deliveries_object ON deliveries (md5(object), created_at, id);
      CREATE INDEX deliveries_channel ON deliveries (channel, created_at, id);
      CREATE INDEX deliveries_level ON deliveries (level, created_at, id);
      -- Nearly all lines are delivered ones: those are found by time alone, and cost nothing here.
      CREATE INDEX deliveries_status ON deliveries (status, created_at, id) WHERE status <> 'delivered';

      CREATE TABLE attempts (
        delivery_id text NOT NULL,
        n integer NOT NULL,
        started_at timestamptz(3) NOT NULL,
        duration_ms integer NOT NULL,
        outcome text NOT NULL,
        code text,
        message text,
        excerpt text,
        PRIMARY KEY (delivery_id, n)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE attempts, deliveries');
  }
}
