import type { Tally } from '#libs/mailbox';
import type { EndpointLine, TargetLine } from '#libs/operations';

const SECOND_MS = 1_000;
const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [SECOND_MS, 's'],
];

/** States that need an action, here or at the receiver. */
const TROUBLE: ReadonlySet<string> = new Set(['misconfigured', 'settings unreadable', 'failing', 'throttled']);

/** A duration in its largest unit: `90 s` is `1 min`. */
export function roughly(ms: number): string {
  const [unit, name] = UNITS.find(([unit]) => ms >= unit) ?? [SECOND_MS, 's'];
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`;
}

const amount = (count: number): string => count.toLocaleString('en-US');

/** A time and its age. */
const since = (ms: number, at: number): string =>
  `since ${new Date(ms).toISOString().replace(/\.\d+/, '')} (${roughly(at - ms)})`;

/** Name of a job: endpoint and target of its turn. */
export const turnName = ({ endpointName }: EndpointLine, { target }: TargetLine): string =>
  `${endpointName} → ${target}`;

/** State of a target, and the time of its next action. */
function stateOf({ state, until }: TargetLine, at: number): string {
  return until === undefined ? state : `${state}; goes on in ${roughly(until - at)}`;
}

/** Backlog by reason, and since when. */
export function waitingOf({ waiting, waitingSince, ready, retrying, replaying, behind }: TargetLine, at: number) {
  if (waiting === 0) return 'nothing';
  const kinds: (readonly [number, string])[] = [
    [ready, 'ready'],
    [retrying, 'waiting for the next try'],
    [replaying, 'replayed on request'],
    [behind, 'behind another of the same policy and object'],
  ];
  const parts = kinds.filter(([count]) => count > 0).map(([count, what]) => `${amount(count)} ${what}`);
  const oldest = waitingSince === undefined ? '' : `, the oldest ${since(waitingSince, at)}`;
  return `${amount(waiting)}${oldest}: ${parts.join(', ')}`;
}

/** Non-zero numbers with their names. */
function happened(tally: Tally): string {
  const counts = Object.entries(tally).filter(([, count]) => count > 0);
  return counts.map(([what, count]) => `${amount(count)} ${what}`).join(', ') || 'nothing';
}

/** Data of a turn's job: the present state of its target, regardless of the turn's time. */
export function targetData(endpoint: EndpointLine, line: TargetLine, at: number) {
  const { running, failures, failingSince, lastError, targetId } = line;
  return {
    now: stateOf(line, at),
    waiting: waitingOf(line, at),
    beingSent: running,
    ...(lastError === undefined ? {} : { lastError }),
    ...(failures === 0
      ? {}
      : {
          failures: `${amount(failures)} in a row${failingSince === undefined ? '' : `, ${since(failingSince, at)}`}`,
        }),
    endpointLastHour: happened(endpoint.hour),
    team: endpoint.team,
    ...(endpoint.enabled ? {} : { enabled: false }),
    endpointId: endpoint.endpointId,
    targetId,
  };
}

function countAll(endpoints: readonly EndpointLine[]) {
  const targets = endpoints.flatMap((endpoint) => endpoint.targets);
  return {
    waiting: targets.reduce((sum, { waiting }) => sum + waiting, 0),
    running: targets.reduce((sum, { running }) => sum + running, 0),
    busy: targets.filter(({ waiting, running }) => waiting + running > 0).length,
    troubled: targets.filter(({ state }) => TROUBLE.has(state)).length,
  };
}

const targetCount = (count: number): string => `${amount(count)} ${count === 1 ? 'target' : 'targets'}`;

/** A queue's title on the board, with its backlog, which the jobs do not show. */
export function channelTitle(channel: string, endpoints: readonly EndpointLine[]): string {
  const { waiting, troubled } = countAll(endpoints);
  return `${channel}: ${amount(waiting)} wait${troubled === 0 ? '' : `, ${amount(troubled)} in trouble`}`;
}

export function channelDescription(endpoints: readonly EndpointLine[]): string {
  const { waiting, running, busy } = countAll(endpoints);
  const what =
    busy === 0
      ? 'No delivery is waiting.'
      : `${amount(waiting)} deliveries waiting, ${amount(running)} being sent, at ${targetCount(busy)}.`;
  return `${what} A job is a turn at a target; its data shows the present state of the target.`;
}
