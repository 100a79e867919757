import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { SettingsSource } from '#libs/contracts';
import { EndpointStore } from '#libs/persistence';
import type { Principal } from '#libs/security';
import { Allow, Caller } from '../access/allow.js';
import { mayUse } from '../access/rights.js';
import { oneTeam } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { Problem } from '../http/problem.js';
import { ENDPOINT_STORE, ENDPOINT_TESTER, type EndpointTester, SETTINGS } from '../tokens.js';
import { noBody, type TestBody, testAnswer, testBody } from './endpoint.schemas.js';

type TestResult = Awaited<ReturnType<EndpointTester['test']>>;

@Section('endpoints')
@Controller('api/v1/endpoints')
export class EndpointTestsController {
  constructor(
    @Inject(ENDPOINT_STORE) private readonly store: EndpointStore,
    @Inject(SETTINGS) private readonly settings: SettingsSource,
    @Inject(ENDPOINT_TESTER) private readonly tester: EndpointTester,
  ) {}

  @Post('test')
  @HttpCode(200)
  @Allow('operate')
  @Describe({
    summary: 'Sends a test message to an endpoint that is not saved',
    description:
      'Nothing is stored. With the `id` of an endpoint that is, masks stand for its secrets; that is for who may change it.',
    answer: testAnswer,
    errors: [400, 404, 413, 415],
  })
  async testUnsaved(
    @Caller() caller: Principal,
    @Body({ schema: testBody }) { id, policies: _, ...settings }: TestBody,
  ): Promise<TestResult> {
    // Who may not change settings could otherwise have stored secrets sent to an address of their own.
    if (id !== undefined && !mayUse(caller, 'manage')) {
      throw new Problem(403, 'only who may change an endpoint may test other settings with its stored secrets');
    }
    const endpoint = await this.store.unsaved(settings, oneTeam(caller, settings.team), id, caller.team);
    return this.tester.test(endpoint);
  }

  @Post(':id/test')
  @HttpCode(200)
  @Allow('operate')
  @ApiBody({ required: false, schema: toOpenApi(noBody, 'input') as object })
  @Describe({ summary: 'Sends a test message to an endpoint', answer: testAnswer, errors: [400, 404, 409, 413, 415] })
  async test(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body({ schema: noBody }) _body: object | undefined,
  ): Promise<TestResult> {
    await this.store.get(id, caller.team);
    const { endpoints } = await this.settings.refresh();
    const endpoint = endpoints.get(id);
    if (!endpoint) throw new Problem(404, 'there is no endpoint with this id');
    if (Object.keys(endpoint.config).length === 0) {
      throw new Problem(409, 'the stored settings of this endpoint cannot be read; send its whole config again');
    }
    return this.tester.test(endpoint);
  }
}
