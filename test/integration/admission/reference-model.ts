import { type Level, SEVERITY } from '#libs/contracts';
import { DAY, MINUTE } from './harness.js';

/** Waiting time after which an untried delivery counts as one that could not be delivered. */
const SUPERSEDED_AFTER_MS = 10_000;

/**
 * The suppression rules in their plainest form, unlike the scripts: it stores every push and derives all state from them.
 * Slow, unbounded, and only for comparison.
 */
export interface Rules {
  pushPeriodMs: number;
  maxPushes: number;
  pushOnEscalation: boolean;
  periodAcrossRecovery: boolean;
  levels: readonly Level[];
  enabled: boolean;
}

interface Push {
  id: string;
  at: number;
  severity: number;
  episode: number;
  suppressed: number;
  open: Set<string>;
  reached: boolean;
  /** Whether it died at any target, rather than having nothing to send there. */
  failed: boolean;
  /** Targets at which it died, or at which its arrival is unknown. */
  died: Set<string>;
  standing: boolean;
  /** Whether its episode has ended. If the recovery reached nobody, it is open again for another recovery only. */
  ended: boolean;
  holdsPeriod: boolean;
  /** Targets at which a recovery was sent or waits; for firings all. */
  firingsStanding: Map<string, number>;
}

interface Key {
  pushes: Push[];
  episode: number | undefined;
  seen: number;
  suppressed: number;
  deadRow: number;
  notBefore: number;
  owed: boolean;
}

const WEEK = 7 * DAY;

export class ReferenceModel {
  private readonly keys = new Map<string, Key>();
  private readonly ids = new Map<string, number>();
  private readonly queues = new Map<string, string[]>();
  private readonly deliveries = new Map<
    string,
    { push: Push; target: string; key: string; maybe: boolean; tried: boolean; suppressed: number }
  >();
  private episodes = 0;
  counts = { admitted: 0, delivered: 0, dead: 0, cancelled: 0 };

  constructor(private readonly targets: readonly string[]) {}

  /** The expected result of an event; a push has the id that the caller passes. */
  post(level: Level, keyName: string, id: string | undefined, pushId: string, now: number, rules: Rules): string {
    if (id !== undefined && this.ids.has(id)) return 'duplicate';
    const key = this.key(keyName, now, rules);
    const verdict =
      level === 'recovered'
        ? this.recover(key, keyName, pushId, now, rules)
        : this.fire(key, keyName, level, pushId, now, rules);
    if (verdict === 'queued' && id !== undefined) this.ids.set(id, now);
    return verdict;
  }

  private fire(key: Key, keyName: string, level: Level, pushId: string, now: number, rules: Rules): string {
    if (!rules.enabled) return 'disabled';
    if (!rules.levels.includes(level)) return 'level';
    key.episode ??= ++this.episodes;
    key.seen = now;
    const severity = SEVERITY[level];
    const standing = this.standing(key);
    const holding = key.pushes.filter(
      (push) => push.standing && push.holdsPeriod && now - push.at < rules.pushPeriodMs,
    );
    const worst = Math.max(0, ...(standing.length > 0 ? standing : holding).map((push) => push.severity));
    const escalated = rules.pushOnEscalation && worst > 0 && severity > worst;
    const suppress = (reason: string): string => {
      key.suppressed += 1;
      return reason;
    };
    if (now < key.notBefore) return suppress('period');
    if (!escalated && holding.length > 0) return suppress('period');
    if (!escalated && rules.maxPushes > 0 && standing.length >= rules.maxPushes) return suppress('frequency');
    this.push(key, keyName, pushId, severity, now, this.targets, new Map());
    return 'queued';
  }

  private recover(key: Key, keyName: string, pushId: string, now: number, rules: Rules): string {
    const standing = this.standing(key);
    const end = (): void => {
      key.seen = now;
      key.episode = undefined;
      key.owed = false;
      for (const push of key.pushes) push.ended = true;
    };
    if (!rules.enabled || !rules.levels.includes('recovered')) {
      end();
      return rules.enabled ? 'level' : 'disabled';
    }
    if (standing.length === 0 && !key.owed) {
      end();
      return 'recovery';
    }
    if (standing.length === 0 && now < key.notBefore) return 'period';
    const sentTo = new Map(
      this.targets.map((target) => [
        target,
        key.owed ? standing.length + 1 : standing.filter((push) => !push.died.has(target)).length,
      ]),
    );
    this.push(
      key,
      keyName,
      pushId,
      0,
      now,
      this.targets.filter((target) => (sentTo.get(target) ?? 0) > 0),
      sentTo,
    );
    if (!rules.periodAcrossRecovery) for (const push of key.pushes) push.holdsPeriod = false;
    end();
    return 'queued';
  }

  private push(
    key: Key,
    keyName: string,
    id: string,
    severity: number,
    now: number,
    targets: readonly string[],
    sentTo: Map<string, number>,
  ): void {
    const push: Push = {
      id,
      at: now,
      severity,
      episode: key.episode as number,
      suppressed: key.suppressed,
      open: new Set(targets),
      reached: false,
      failed: false,
      died: new Set(),
      standing: severity > 0,
      ended: false,
      holdsPeriod: severity > 0,
      firingsStanding: sentTo,
    };
    key.suppressed = 0;
    key.pushes.push(push);
    targets.forEach((target, i) => {
      const delivery = targets.length === 1 ? id : `${id}-${i + 1}`;
      const { suppressed } = push;
      this.deliveries.set(delivery, { push, target, key: keyName, maybe: false, tried: false, suppressed });
      this.queue(target, keyName).push(delivery);
      this.counts.admitted += 1;
    });
  }

  /** Only the oldest unsettled delivery of a key may be in flight at a target. */
  mayGo(delivery: string): boolean {
    return this.lineOf(delivery)[0] === delivery;
  }

  isPending(delivery: string): boolean {
    return this.lineOf(delivery).includes(delivery);
  }

  /** Deliveries sent with the first of a key: those behind it, except recoveries with nothing to end. */
  sentWith(delivery: string, next: number): string[] {
    const { target } = this.known(delivery);
    const behind = this.lineOf(delivery).slice(1, 1 + Math.max(0, next));
    return behind.filter((id) => {
      const { push } = this.known(id);
      return push.severity > 0 || (push.firingsStanding.get(target) ?? 0) > 0;
    });
  }

  /** All waiting deliveries, at any position of their chain. */
  get pending(): string[] {
    return [...this.queues.values()].flat();
  }

  isRecovery(delivery: string): boolean {
    return this.known(delivery).push.severity === 0;
  }

  targetOf(delivery: string): string {
    return this.known(delivery).target;
  }

  suppressedCount(delivery: string): number {
    return this.known(delivery).suppressed;
  }

  /** Records that a delivery was sent behind an earlier one of its key, which is sent again. */
  arrived(delivery: string): void {
    this.known(delivery).maybe = true;
  }

  /** Records a failed attempt, after which the arrival may be unknown. */
  failed(delivery: string, maybe: boolean): void {
    const known = this.known(delivery);
    known.tried = true;
    known.maybe ||= maybe;
  }

  /** Reason why the first delivery of a key must not be sent. */
  mustEnd(delivery: string, now: number, rules: Rules, expireAfterMs: number): 'expired' | 'superseded' | undefined {
    if (now - this.known(delivery).push.at > expireAfterMs) return 'expired';
    return this.newer(delivery, now, rules) === undefined ? undefined : 'superseded';
  }

  /** The newest firing behind an undelivered firing of the same key. */
  private newer(delivery: string, now: number, { pushPeriodMs }: Rules): string | undefined {
    const { push, target, key, tried } = this.known(delivery);
    if (pushPeriodMs === 0 || push.severity === 0 || (!tried && now - push.at < SUPERSEDED_AFTER_MS)) return undefined;
    const behind = this.queue(target, key).slice(1).slice(-2);
    return behind.findLast((other) => this.known(other).push.severity > 0);
  }

  /** The newer firing takes over the count of suppressed events. */
  supersede(delivery: string, now: number, rules: Rules): void {
    const newer = this.known(this.newer(delivery, now, rules) as string);
    const known = this.known(delivery);
    newer.suppressed += known.suppressed;
    known.suppressed = 0;
    this.end(delivery, 'superseded', now, rules);
  }

  settle(delivery: string, verdict: 'delivered' | 'dead', now: number, rules: Rules): void {
    this.end(delivery, verdict, now, rules);
  }

  end(
    delivery: string,
    verdict: 'delivered' | 'dead' | 'expired' | 'superseded' | 'by an operator',
    now: number,
    rules: Rules,
  ): void {
    const { push, target, key: keyName, maybe, suppressed } = this.known(delivery);
    const key = this.key(keyName, now, rules);
    const line = this.queue(target, keyName);
    line.splice(line.indexOf(delivery), 1);
    this.counts[verdict === 'delivered' || verdict === 'dead' ? verdict : 'cancelled'] += 1;
    this.close(push, key, target, verdict === 'delivered' || maybe ? 'reached' : verdict, now, rules, suppressed);
    if (verdict === 'delivered') {
      key.deadRow = 0;
      key.notBefore = 0;
    }
    this.cancelUnfounded(target, keyName, now, rules);
  }

  /** Recoveries that are first of their key and have no firing left to end. */
  private cancelUnfounded(target: string, keyName: string, now: number, rules: Rules): void {
    const head = this.queue(target, keyName)[0];
    if (head === undefined) return;
    const { push, suppressed } = this.known(head);
    if (push.severity > 0 || (push.firingsStanding.get(target) ?? 0) > 0) return;
    this.queue(target, keyName).shift();
    this.counts.cancelled += 1;
    this.close(push, this.key(keyName, now, rules), target, 'unfounded', now, rules, suppressed);
    this.cancelUnfounded(target, keyName, now, rules);
  }

  private close(
    push: Push,
    key: Key,
    target: string,
    end: 'reached' | 'dead' | 'expired' | 'superseded' | 'by an operator' | 'unfounded',
    now: number,
    rules: Rules,
    suppressed: number,
  ): void {
    const failed = end !== 'reached' && end !== 'unfounded';
    push.open.delete(target);
    push.reached ||= end === 'reached';
    push.failed ||= failed;
    if (failed && push.severity > 0) {
      push.died.add(target);
      for (const recovery of key.pushes) {
        if (recovery.severity > 0 || recovery.episode !== push.episode || !recovery.open.has(target)) continue;
        recovery.firingsStanding.set(target, (recovery.firingsStanding.get(target) ?? 0) - 1);
      }
    }
    if (push.open.size > 0 || push.reached || !push.failed) return;
    push.standing = false;
    key.suppressed += suppressed;
    if (push.severity === 0 && key.episode === undefined) {
      key.episode = push.episode;
      key.owed = true;
    }
    if (end !== 'dead' && end !== 'expired') return;
    key.deadRow += 1;
    if (key.deadRow > 1) key.notBefore = now + Math.min(rules.pushPeriodMs, MINUTE * 2 ** (key.deadRow - 2));
  }

  private standing(key: Key): Push[] {
    return key.pushes.filter((push) => push.standing && !push.ended && push.episode === key.episode);
  }

  private key(name: string, now: number, rules: Rules): Key {
    const known = this.keys.get(name);
    const fresh = { episode: undefined, seen: now, suppressed: 0, deadRow: 0, notBefore: 0, owed: false };
    if (!known) {
      const key: Key = { pushes: [], ...fresh };
      this.keys.set(name, key);
      return key;
    }
    if (now >= this.forgottenAt(known, rules)) Object.assign(known, fresh);
    if (now - known.seen >= WEEK) Object.assign(known, { episode: undefined, owed: false });
    return known;
  }

  /** Time from which the stored state of a key has no effect. */
  private forgottenAt(key: Key, { pushPeriodMs }: Rules): number {
    const { episode, suppressed, deadRow, owed, seen, notBefore } = key;
    const pushTimes = key.pushes.filter((push) => push.standing && push.holdsPeriod).map(({ at }) => at);
    return Math.max(
      notBefore,
      episode !== undefined || suppressed > 0 || deadRow > 0 || owed ? seen + WEEK : 0,
      pushTimes.length > 0 ? Math.max(...pushTimes) + Math.max(pushPeriodMs, WEEK) : 0,
    );
  }

  private known(delivery: string) {
    const known = this.deliveries.get(delivery);
    if (!known) throw new Error(`the model knows no delivery ${delivery}`);
    return known;
  }

  private lineOf(delivery: string): string[] {
    const { target, key } = this.known(delivery);
    return this.queue(target, key);
  }

  private queue(target: string, key: string): string[] {
    const name = `${target}/${key}`;
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    return queue;
  }
}
