import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { SettingsSource } from '#libs/contracts';
import {
  decodePosition,
  type EndpointCreate,
  type EndpointResource,
  EndpointStore,
  type Page,
} from '#libs/persistence';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { oneTeam, teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { readCursor } from '../http/paging.js';
import { ENDPOINT_STORE, SETTINGS } from '../tokens.js';
import {
  type CloneBody,
  cloneBody,
  createBody,
  type DeleteQuery,
  deleteQuery,
  endpointAnswer,
  endpointPage,
  type ListQuery,
  listQuery,
  type PatchBody,
  patchBody,
} from './endpoint.schemas.js';

@Section('endpoints')
@Controller('api/v1/endpoints')
export class EndpointsController {
  constructor(
    @Inject(ENDPOINT_STORE) private readonly store: EndpointStore,
    @Inject(SETTINGS) private readonly settings: SettingsSource,
  ) {}

  @Get()
  @Allow('read')
  @Describe({ summary: 'Lists endpoints', answer: endpointPage, errors: [400] })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: listQuery }) query: ListQuery,
  ): Promise<Page<EndpointResource>> {
    const after = readCursor(query.cursor, (text) => decodePosition(text, 1)?.[0]);
    return this.store.list(teamScope(caller, query.team), query.limit, after);
  }

  @Post()
  @Allow('manage')
  @Describe({ summary: 'Makes an endpoint', answer: endpointAnswer, status: 201, errors: [400, 409, 413, 415] })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: createBody }) body: EndpointCreate,
  ): Promise<EndpointResource> {
    const made = await this.store.create(body, oneTeam(caller, body.team));
    await this.settings.refresh();
    return made;
  }

  @Get(':id')
  @Allow('read')
  @Describe({ summary: 'Shows an endpoint', answer: endpointAnswer, errors: [404] })
  async get(@Caller() caller: Principal, @Param('id') id: string): Promise<EndpointResource> {
    return this.store.get(id, caller.team);
  }

  @Patch(':id')
  @Allow('manage')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @Describe({ summary: 'Changes an endpoint', answer: endpointAnswer, errors: [400, 404, 409, 413, 415] })
  async patch(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body({ schema: patchBody }) patch: PatchBody,
  ): Promise<EndpointResource> {
    const changed = await this.store.patch(id, patch, caller.team);
    await this.settings.refresh();
    return changed;
  }

  @Post(':id/clone')
  @Allow('manage')
  @ApiBody({ required: false, schema: toOpenApi(cloneBody, 'input') as object })
  @Describe({
    summary: 'Copies an endpoint under another name',
    description:
      'All that is set is copied, secrets included. The copy is linked to the policies given, and to no others.',
    answer: endpointAnswer,
    status: 201,
    errors: [400, 404, 409, 413, 415],
  })
  async clone(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body({ schema: cloneBody }) body: CloneBody,
  ): Promise<EndpointResource> {
    const made = await this.store.clone(id, body, caller.team);
    await this.settings.refresh();
    return made;
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('manage')
  @Describe({
    summary: 'Deletes an endpoint',
    description:
      'What waits for it is cancelled. Where policies link to it, 409 names their keys, and where it is the fallback of other endpoints, those, unless it is forced; forced, they have no fallback any more.',
    status: 204,
    errors: [400, 404, 409, 413, 415],
  })
  async remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query({ schema: deleteQuery }) query: DeleteQuery,
  ): Promise<void> {
    await this.store.remove(id, caller.team, query.force === 'true');
    await this.settings.refresh();
  }
}
