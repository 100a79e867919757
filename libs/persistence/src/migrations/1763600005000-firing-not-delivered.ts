import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rewords the reason of recoveries that were cancelled because their firing was not delivered. */
export class FiringNotDelivered1763600005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE deliveries SET reason = 'firing not delivered' WHERE status = 'cancelled' AND reason = 'its firing died'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE deliveries SET reason = 'its firing died' WHERE status = 'cancelled' AND reason = 'firing not delivered'`,
    );
  }
}
