import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE teams (
    key text PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now()
  );
  INSERT INTO teams (key, name) VALUES ('default', 'Default');

  CREATE TABLE settings_version (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    version bigint NOT NULL
  );
  INSERT INTO settings_version (version) VALUES (1);

  CREATE TABLE endpoints (
    id text PRIMARY KEY,
    team text NOT NULL REFERENCES teams (key),
    name text NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    config jsonb NOT NULL,
    levels text[] NOT NULL,
    push_period text NOT NULL,
    max_pushes integer NOT NULL,
    push_on_escalation boolean NOT NULL,
    period_across_recovery boolean NOT NULL,
    rate_limit jsonb,
    expire_after text NOT NULL,
    digest_after text NOT NULL,
    fallback text,
    template jsonb NOT NULL,
    changed_in bigint NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT endpoints_name UNIQUE (team, name),
    -- What a link refers to, so that it cannot leave its team.
    CONSTRAINT endpoints_team_id UNIQUE (team, id)
  );

  CREATE TABLE policies (
    team text NOT NULL REFERENCES teams (key),
    key text NOT NULL,
    name text NOT NULL,
    match jsonb,
    enabled boolean NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    PRIMARY KEY (team, key)
  );

  CREATE TABLE policy_endpoints (
    team text NOT NULL,
    policy_key text NOT NULL,
    endpoint_id text NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (team, policy_key, endpoint_id),
    CONSTRAINT policy_endpoints_policy FOREIGN KEY (team, policy_key) REFERENCES policies (team, key) ON DELETE CASCADE,
    CONSTRAINT policy_endpoints_endpoint FOREIGN KEY (team, endpoint_id) REFERENCES endpoints (team, id)
  );
  CREATE INDEX policy_endpoints_by_endpoint ON policy_endpoints (endpoint_id);

  CREATE TABLE former_links (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team text NOT NULL,
    policy_key text NOT NULL,
    match jsonb,
    endpoint_ids text[] NOT NULL,
    removed_at timestamptz(3) NOT NULL
  );
  CREATE INDEX former_links_removed ON former_links (removed_at);
`;

/** Teams, endpoints, policies and the version that counts their changes. */
export class Settings1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE former_links, policy_endpoints, policies, endpoints, settings_version, teams');
  }
}
