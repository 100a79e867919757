import { randomUUID } from 'node:crypto';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/telemetry';
import type { AllowedMethods } from './allowed-methods.js';
import type { EventRoutes } from './event-routes.js';
import { Problem } from './problem.js';
import { sendProblem } from './send-problem.js';
import { toProblem } from './to-problem.js';

/** Answers every error with a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly methods: AllowedMethods,
    private readonly routes: EventRoutes,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = request.is404
      ? this.noRoute(request)
      : (toProblem(error, this.routes.get(request.routeOptions.url ?? '')) ?? this.fault(error, request));
    sendProblem(reply, problem);
  }

  private noRoute(request: FastifyRequest): Problem {
    const methods = this.methods.at(request.url);
    // A folder of static files matches any path below it, even without a file.
    if (methods.length === 0 || methods.includes(request.method))
      return new Problem(404, 'there is nothing at this path');
    return new Problem(405, `${request.method} is not possible here, but ${methods.join(', ')}`, {
      headers: { allow: methods.join(', ') },
    });
  }

  /** The answer has an incident number; the log has the error with that number. */
  private fault(error: unknown, request: FastifyRequest): Problem {
    const incident = randomUUID();
    this.log.error(
      { err: error, incident, method: request.method, route: request.routeOptions.url },
      'a request failed',
    );
    return new Problem(500, 'something went wrong here; the log of this process has more under the incident number', {
      facts: { incident },
    });
  }
}
