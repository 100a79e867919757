import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '#libs/telemetry';
import { Problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';
import { toProblem } from '../http/to-problem.js';
import { keepPageHere } from './board-page.js';
import { type BoardView, withoutZeros } from './board-view.js';
import { closeBoard } from './close-board.js';

const PATH = '/queues';

/** Actions that would make jobs without a turn, or stop a channel invisibly. */
const NOT_FOR_TURNS = /\/(add|update-data|priority|obliterate|concurrency|rate-limit|pause|empty)$/;

export interface BoardParts {
  /** Queues by the channel's name. */
  queues: ReadonlyMap<string, Queue>;
  view: BoardView;
  log: Logger;
}

/** Serves the queue board: one queue per channel, with jobs named by their targets. */
export function serveBoard(server: FastifyInstance, { queues, view, log }: BoardParts): void {
  const board = new FastifyAdapter();
  board.setBasePath(PATH);
  createBullBoard({
    queues: [...queues].map(([channel, queue]) => adapterOf(channel, queue, view)),
    serverAdapter: board as never,
    options: {
      uiConfig: {
        boardTitle: 'Tocsin queues',
        hideDocsLink: true,
        miscLinks: [
          { text: 'Console', url: '/' },
          { text: 'API', url: '/docs' },
        ],
      },
      handlerHooks: {
        before: async ({ method, route }) => {
          if (method !== 'get' && NOT_FOR_TURNS.test(route))
            return {
              allow: false,
              status: 405,
              message: 'the mailboxes create and remove turns; this action would only stop or confuse them',
            };
          await view.refresh();
          return undefined;
        },
      },
    },
  });
  board.setErrorHandler((error) => {
    const known = toProblem(error);
    if (!known) log.error({ err: error }, 'the queue board failed');
    const problem = known ?? new Problem(500, 'something went wrong here; the log of this process has more');
    return {
      status: problem.status as 500,
      body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message: problem.message },
    };
  });
  server.register(
    async (scope) => {
      scope.addHook('onRequest', closeBoard);
      scope.addHook('onSend', keepPageHere);
      scope.register(board.registerPlugin());
      // Unknown paths are closed like all others below this path.
      scope.all('/*', { schema: { hide: true } as never }, (_request, reply) =>
        sendProblem(reply, new Problem(404, 'there is nothing at this path')),
      );
    },
    { prefix: PATH },
  );
}

/** A finished turn cannot be retried. The constructor accepts this option, which its type omits. */
const OPTIONS = { allowCompletedRetries: false } as object;

/** BullMQ's states that a turn can have. */
const isOfTurns = (status: string): boolean => !['waiting-children', 'prioritized', 'paused'].includes(status);

function adapterOf(channel: string, queue: Queue, view: BoardView): BullMQAdapter {
  const adapter = new BullMQAdapter(queue as never, OPTIONS);
  const [statuses, jobStatuses] = [adapter.getStatuses(), adapter.getJobStatuses()];
  adapter.getStatuses = () => statuses.filter(isOfTurns);
  adapter.getJobStatuses = () => jobStatuses.filter(isOfTurns);
  adapter.getDisplayName = () => view.titleOf(channel);
  adapter.getDescription = () => view.describe(channel);
  adapter.setFormatter('name', (job: { data?: unknown }) => view.nameOf(job.data));
  adapter.setFormatter('data', (data: unknown) => view.dataOf(data));
  adapter.setFormatter('returnValue', withoutZeros);
  return adapter;
}
