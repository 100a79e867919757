import { Param, Query } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '#libs/security';
import type { Declaration, Ref } from '#libs/settings';
import { oneTeam } from '../access/team-scope.js';
import { teamQuery } from '../http/paging.js';

/** A query that one resource has and another has not. */
export interface OneQuery {
  team?: string;
  [option: string]: unknown;
}

const NO_PARAMETER: ParameterDecorator = () => undefined;

/** The query as a parameter of a handler; undefined if there are no query parameters. */
const queryOf = (shape: Readonly<Record<string, z.ZodType>>): ParameterDecorator =>
  Object.keys(shape).length === 0 ? NO_PARAMETER : Query({ schema: z.strictObject(shape) });

/** The parameters by which routes find one resource: an id in any team of the caller, or a key within a team. */
export function routeParameters({ key, removeOptions = {} }: Declaration) {
  const isKeyed = key[0] === 'team';
  const name = key.at(-1) as string;
  const team: Record<string, z.ZodType> = isKeyed ? { team: teamQuery } : {};
  return {
    isKeyed,
    name,
    Key: (): ParameterDecorator => Param(name),
    One: () => queryOf(team),
    Remove: () => queryOf({ ...team, ...removeOptions }),
    refOf: (caller: Principal, value: string, query: OneQuery = {}): Ref => ({
      key: value,
      team: isKeyed ? oneTeam(caller, query.team) : caller.team,
    }),
  };
}
