import { type CanActivate, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#libs/security';
import { Problem } from '../http/problem.js';
import { mayUse, type Right } from './rights.js';

const RIGHT = 'tocsin:right';

/** Declares the right that a handler, or every handler of a controller, requires. */
export const Allow = (right: Right) => SetMetadata(RIGHT, right);

/** The authenticated caller of a request. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new Problem(401, 'an API key is required');
  return principal;
});

/** Refuses requests without the required right. Open routes have no caller and pass. */
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!principal) return true;
    const right = (Reflect.getMetadata(RIGHT, context.getHandler()) ??
      Reflect.getMetadata(RIGHT, context.getClass())) as Right | undefined;
    if (mayUse(principal, right)) return true;
    throw new Problem(403, `the role ${principal.role} of this key does not allow this`);
  }
}
