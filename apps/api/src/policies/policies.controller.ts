import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { SettingsSource } from '#libs/contracts';
import { decodePosition, type Page, type PolicyResource, type PolicySettings, PolicyStore } from '#libs/persistence';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { oneTeam, teamScope } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { readCursor } from '../http/paging.js';
import { POLICY_STORE, SETTINGS } from '../tokens.js';
import {
  createBody,
  type ListQuery,
  listQuery,
  type OneQuery,
  oneQuery,
  type PatchBody,
  patchBody,
  policyAnswer,
  policyPage,
} from './policy.schemas.js';

@Section('policies')
@Controller('api/v1/policies')
export class PoliciesController {
  constructor(
    @Inject(POLICY_STORE) private readonly store: PolicyStore,
    @Inject(SETTINGS) private readonly settings: SettingsSource,
  ) {}

  @Get()
  @Allow('read')
  @Describe({ summary: 'Lists policies', answer: policyPage, errors: [400] })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: listQuery }) query: ListQuery,
  ): Promise<Page<PolicyResource>> {
    const after = readCursor(query.cursor, (text) => decodePosition(text, 2));
    const filters = query.endpoint === undefined ? {} : { endpoint: query.endpoint };
    return this.store.list(teamScope(caller, query.team), filters, query.limit, after);
  }

  @Post()
  @Allow('manage')
  @Describe({ summary: 'Makes a policy', answer: policyAnswer, status: 201, errors: [400, 409, 413, 415] })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: createBody }) body: PolicySettings,
  ): Promise<PolicyResource> {
    const made = await this.store.create(body, oneTeam(caller, body.team));
    await this.settings.refresh();
    return made;
  }

  @Get(':key')
  @Allow('read')
  @Describe({ summary: 'Shows a policy', answer: policyAnswer, errors: [400, 404] })
  async get(
    @Caller() caller: Principal,
    @Param('key') key: string,
    @Query({ schema: oneQuery }) query: OneQuery,
  ): Promise<PolicyResource> {
    return this.store.get(oneTeam(caller, query.team), key);
  }

  @Patch(':key')
  @Allow('manage')
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @Describe({ summary: 'Changes a policy', answer: policyAnswer, errors: [400, 404, 413, 415] })
  async patch(
    @Caller() caller: Principal,
    @Param('key') key: string,
    @Query({ schema: oneQuery }) query: OneQuery,
    @Body({ schema: patchBody }) patch: PatchBody,
  ): Promise<PolicyResource> {
    const changed = await this.store.patch(oneTeam(caller, query.team), key, patch);
    await this.settings.refresh();
    return changed;
  }

  @Delete(':key')
  @HttpCode(204)
  @Allow('manage')
  @Describe({
    summary: 'Deletes a policy',
    description: 'Recoveries of what it had pushed are still pushed.',
    status: 204,
    errors: [400, 404, 413, 415],
  })
  async remove(
    @Caller() caller: Principal,
    @Param('key') key: string,
    @Query({ schema: oneQuery }) query: OneQuery,
  ): Promise<void> {
    await this.store.remove(oneTeam(caller, query.team), key);
    await this.settings.refresh();
  }
}
