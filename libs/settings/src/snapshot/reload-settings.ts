import type { Settings, SettingsSource } from '#libs/contracts';
import type { Database, Log } from '#libs/persistence';
import { loadSettings, type Part, readVersion } from './load-settings.js';

export interface ReloadDeps {
  database: Database;
  /** The part of each resource. */
  parts: readonly Part[];
  log: Log;
  pollMs?: number;
}

type Listener = (now: Settings, before: Settings | undefined) => void;

/** Interval of looking for changes: a change is in force everywhere within a second, which leaves time to load it. */
const POLL_MS = 400;

/**
 * The settings of a process: a snapshot in memory, replaced as a whole when the version in the database has grown.
 * While the database does not answer, the last snapshot stays in force.
 */
export class SettingsReload implements SettingsSource {
  private settings: Settings | undefined;
  private readonly listeners = new Set<Listener>();
  private reading: Promise<Settings> | undefined;
  private next: Promise<Settings> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly deps: ReloadDeps) {}

  /** Begins to look for changes, now and at each interval. */
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
    const now = await this.deps.database.transaction(
      (manager) => loadSettings(manager, this.deps.parts),
      'REPEATABLE READ',
    );
    this.settings = now;
    this.notify(now, before);
    return now;
  }

  private notify(now: Settings, before: Settings | undefined): void {
    for (const listener of this.listeners) {
      try {
        listener(now, before);
      } catch (error) {
        this.deps.log.error({ err: error }, 'a listener of settings failed');
      }
    }
  }
}
