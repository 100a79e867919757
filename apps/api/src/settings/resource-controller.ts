import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post, Query, type Type } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '#libs/security';
import { type CreateOf, decodePosition, type Fields, type Page, type Resource, SettingsStores } from '#libs/settings';
import { Allow, Caller } from '../access/allow.js';
import { oneTeam, teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { describedBy } from '../docs/to-open-api.js';
import { pageOf, pageQuery, readCursor, teamQuery } from '../http/paging.js';
import { actorOf } from './actor-of.js';
import { type OneQuery, routeParameters } from './route-parameters.js';

type Json = Record<string, unknown>;
type ListQuery = { limit: number; cursor?: string; team?: string } & Json;

/** The controller of a resource: list, create, show, merge-patch, delete. Nest needs a class for each. */
export function resourceController({ declaration }: Resource): Type {
  const { name, one, key, schemas, unique, filters = {}, removeOptions, removeDescription } = declaration;
  const { isKeyed, name: keyName, Key, One, Remove, refOf } = routeParameters(declaration);
  const answer = schemas.answer;
  const listQuery = z.strictObject({ ...pageQuery, team: teamQuery, ...filters });
  const patchBody = describedBy(z.record(z.string(), z.unknown()), schemas.patch);
  const conflict = (possible: boolean): number[] => (possible ? [409] : []);

  @Section(name)
  @Controller(`api/v1/${name}`)
  class ResourceController {
    constructor(@Inject(SettingsStores) private readonly stores: SettingsStores) {}

    @Get()
    @Allow('read')
    @Describe({ summary: `Lists ${name}`, answer: pageOf(answer), errors: [400] })
    async list(@Caller() caller: Principal, @Query({ schema: listQuery }) query: ListQuery): Promise<Page<Json>> {
      const { limit, cursor, team, ...filtered } = query;
      const after = readCursor(cursor, (text) => decodePosition(text, key.length));
      return this.store.list(teamScope(caller, team), { limit, filters: filtered, ...(after && { after }) });
    }

    @Post()
    @Allow('manage')
    @Describe({ summary: `Creates ${one}`, answer, status: 201, errors: [400, 409, 413, 415] })
    async create(@Caller() caller: Principal, @Body({ schema: schemas.create }) body: Json): Promise<Json> {
      return this.store.create(
        actorOf(caller),
        body as CreateOf<Fields>,
        oneTeam(caller, body.team as string | undefined),
      );
    }

    @Get(`:${keyName}`)
    @Allow('read')
    @Describe({ summary: `Shows ${one}`, answer, errors: isKeyed ? [400, 404] : [404] })
    async get(@Caller() caller: Principal, @Key() id: string, @One() query: OneQuery): Promise<Json> {
      return this.store.get(refOf(caller, id, query));
    }

    @Patch(`:${keyName}`)
    @Allow('manage')
    @ApiConsumes('application/merge-patch+json', 'application/json')
    @Describe({
      summary: `Changes ${one}`,
      answer,
      errors: [400, 404, ...conflict(unique !== undefined), 413, 415],
    })
    async patch(
      @Caller() caller: Principal,
      @Key() id: string,
      @One() query: OneQuery,
      @Body({ schema: patchBody }) patch: Json,
    ): Promise<Json> {
      return this.store.patch(actorOf(caller), refOf(caller, id, query), patch);
    }

    @Delete(`:${keyName}`)
    @HttpCode(204)
    @Allow('manage')
    @Describe({
      summary: `Deletes ${one}`,
      ...(removeDescription !== undefined && { description: removeDescription }),
      status: 204,
      errors: [400, 404, ...conflict(removeOptions !== undefined), 413, 415],
    })
    async remove(@Caller() caller: Principal, @Key() id: string, @Remove() query: OneQuery): Promise<void> {
      await this.store.remove(actorOf(caller), refOf(caller, id, query), query);
    }

    private get store() {
      return this.stores.get(name);
    }
  }
  // The names of operations are made from it.
  Object.defineProperty(ResourceController, 'name', { value: `${name[0]?.toUpperCase()}${name.slice(1)}Controller` });
  return ResourceController;
}
