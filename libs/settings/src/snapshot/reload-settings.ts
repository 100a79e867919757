import type { Settings, SettingsSource } from '#libs/contracts';
import type { Database, Log } from '../database/database.js';
import type { ChannelKinds } from '../endpoints/channel-kinds.js';
import type { SecretBox } from '../endpoints/sealed-config.js';
import type { EndpointEntity } from '../entities/index.js';
import { type EndpointCache, loadSettings, readVersion, whyUnreadable } from './load-settings.js';

export interface PostgresSettingsDeps {
  database: Database;
  kinds: ChannelKinds;
  box: SecretBox;
  log: Log;
  pollMs?: number;
}

type Listener = (now: Settings, before: Settings | undefined) => void;

/** A change is to be known everywhere within a second; this leaves time to load it. */
const POLL_MS = 400;

/**
 * The settings of a process: a snapshot in memory, replaced as a whole when the version in the database has grown.
 * While the database is away, what was known stays known.
 */
export class PostgresSettings implements SettingsSource {
  private settings: Settings | undefined;
  private readonly cache: EndpointCache = new Map();
  private readonly listeners = new Set<Listener>();
  private reading: Promise<Settings> | undefined;
  private next: Promise<Settings> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly deps: PostgresSettingsDeps) {}

  /** Begins to look for changes, at once and then again and again. */
  start(): void {
    if (this.timer || this.stopped) return;
    const look = () => {
      this.refresh()
        .catch(() => undefined)
        .finally(() => {
          if (this.stopped) return;
          this.timer = setTimeout(look, this.deps.pollMs ?? POLL_MS);
          this.timer.unref();
        });
    };
    look();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  current(): Settings | undefined {
    return this.settings;
  }

  /** All calls that come while one read is under way share the one that begins after it. */
  refresh(): Promise<Settings> {
    if (!this.reading) return this.begin();
    this.next ??= this.reading
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        return this.begin();
      });
    return this.next;
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private begin(): Promise<Settings> {
    const reading = this.read().finally(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  private async read(): Promise<Settings> {
    const before = this.settings;
    const version = await this.deps.database.run(readVersion);
    if (before?.version === version) return before;
    const { kinds, box } = this.deps;
    const now = await this.deps.database.transaction(
      (manager) =>
        loadSettings(manager, { kinds, box, onBroken: (row, error) => this.tellBroken(row, error) }, this.cache),
      'REPEATABLE READ',
    );
    this.settings = now;
    this.tellChange(now, before);
    return now;
  }

  private tellChange(now: Settings, before: Settings | undefined): void {
    for (const listener of this.listeners) {
      try {
        listener(now, before);
      } catch (error) {
        this.deps.log.error({ err: error }, 'a listener of settings failed');
      }
    }
  }

  private tellBroken(row: EndpointEntity, error: unknown): void {
    this.deps.log.error(
      { endpointId: row.id, endpointName: row.name, why: whyUnreadable(error) },
      'an endpoint cannot be read: no event is taken for it, and what waits for it waits on',
    );
  }
}
