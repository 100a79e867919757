import { channelByType } from '#libs/channels';
import { createIntake, eventsOfJson, IntakeRefused } from '#libs/intake';
import { listWaiting } from '#libs/operations';
import { createDiskReserve, createRedis, type RedisClient, watchRedis } from '#libs/redis';
import { repairAppendFiles } from '../../../apps/standalone/src/repair-append-files.js';
import { mountSmallDisk, type SmallDisk, startRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, TestSettings } from '../delivery/world.js';

export type DiskKind = 'tmpfs' | 'ext4';
const DISK_MIB = 48;
const EVENT_BYTES = 2_000;
const EVENTS_A_REQUEST = 20;

interface Options {
  /** Whether the intake can see the free space of the disk. */
  isVisible: boolean;
  /** Skips the test, after the reason why no disk can be mounted was printed. */
  skip(): never;
}

/** An intake over a Redis whose files are on a small disk. */
export class DiskWorld {
  readonly acknowledged = new Set<string>();
  private posted = 0;

  private constructor(
    readonly disk: SmallDisk,
    readonly server: Awaited<ReturnType<typeof startRedis>>,
    readonly client: RedisClient,
    readonly watch: ReturnType<typeof watchRedis>,
    private readonly intake: ReturnType<typeof createIntake>,
  ) {}

  static async open(kind: DiskKind, { isVisible, skip }: Options): Promise<DiskWorld> {
    const disk = mountSmallDisk(kind, DISK_MIB) ?? skip();
    const server = await startRedis({ appendonly: true, at: disk.folder }).catch((error) => {
      disk.remove();
      throw error;
    });
    const client = createRedis({ kind: 'single', url: server.url }, 'answer');
    const reserve = createDiskReserve({ folder: disk.folder, pending: async () => 0 });
    const watch = watchRedis(client, { allowUnsafe: false, file: isVisible ? { disk: reserve } : {} });
    const settings = new TestSettings();
    settings.set([httpEndpoint('http://127.0.0.1:9/')]);
    const intake = createIntake({
      ...{ redis: client, watch, settings, channelOf: channelByType, teamQuota: 0 },
      ...{ count: () => {}, countRefused: () => {}, wake: async () => {} },
    });
    const world = new DiskWorld(disk, server, client, watch, intake);
    await waitFor(() => watch.trouble() === undefined, { what: 'the watch to see Redis' });
    return world;
  }

  async close(): Promise<void> {
    this.watch.stop();
    this.client.disconnect();
    this.disk.makeRoom();
    try {
      await this.server.stop();
    } finally {
      this.disk.remove();
    }
  }

  /** Posts events until some are refused, a bounded number of times; returns the reason. */
  async postUntilRefused(times: number): Promise<string | undefined> {
    for (let i = 0; i < times; i++) {
      const objects = Array.from({ length: EVENTS_A_REQUEST }, () => `o${this.posted++}`);
      const content = 'x'.repeat(EVENT_BYTES);
      const events = objects.map((object) => ({ policy: 'cpu', object, level: 'fatal', content }));
      try {
        await this.intake.take(eventsOfJson(events), { team: null });
        for (const object of objects) this.acknowledged.add(object);
      } catch (error) {
        if (!(error instanceof IntakeRefused)) throw error;
        return error.message;
      }
    }
    return undefined;
  }

  /** Has Redis rewrite its file, behind which Redis 7 leaves a hole after a short write. */
  async rewrite(): Promise<void> {
    await this.client.call('BGREWRITEAOF');
    await this.untilInfo(/aof_rewrite_in_progress:0\r/, 'the end of the rewrite');
  }

  async untilInfo(pattern: RegExp, what: string): Promise<void> {
    await waitFor(async () => pattern.test(await this.client.info('persistence')), { what, timeoutMs: 20_000 });
  }

  /** Starts the killed Redis again as `npm start` does: after the repair of its files. Returns the reports. */
  async restart(): Promise<string[]> {
    const reports: string[] = [];
    await repairAppendFiles(this.server.folder, (report) => reports.push(report));
    await this.server.restart();
    await waitFor(() => this.client.ping(), { what: 'the connection', timeoutMs: 20_000 });
    return reports;
  }

  /** Acknowledged events that are no longer there. */
  async lost(): Promise<string[]> {
    const { items, next } = await listWaiting(this.client, 'e1', { limit: 20_000, accept: () => true });
    if (next !== undefined) throw new Error('more deliveries wait than are listed at once');
    const there = new Set(items.map(({ event }) => event.object));
    return [...this.acknowledged].filter((object) => !there.has(object));
  }
}
