import { Body, Controller, HttpCode, Inject, Param, Post, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import type { Principal } from '#libs/security';
import { type Act, EndpointTester, type Resource, SettingsReload, SettingsStores } from '#libs/settings';
import { Allow, Caller } from '../access/allow.js';
import { mayUse } from '../access/rights.js';
import { oneTeam } from '../access/team-scope.js';
import { Describe, Section } from '../docs/api-docs.js';
import { toOpenApi } from '../docs/to-open-api.js';
import { actorOf } from './actor-of.js';

const NOTHING = () => undefined;

/** The controller of one act of a resource, such as the test of an endpoint. */
export function actController({ declaration: { name, key } }: Resource, act: Act): Type {
  const keyName = key.at(-1) as string;
  const Key: ParameterDecorator = act.path.includes('{key}') ? Param(keyName) : NOTHING;
  const OptionalBody: MethodDecorator = act.bodyRequired
    ? NOTHING
    : ApiBody({ required: false, schema: toOpenApi(act.body, 'input') as object });

  @Section(name)
  @Controller(`api/v1/${name}`)
  class ActController {
    constructor(
      @Inject(SettingsStores) private readonly stores: SettingsStores,
      @Inject(SettingsReload) private readonly settings: SettingsReload,
      @Inject(EndpointTester) private readonly tester: EndpointTester,
    ) {}

    @Post(act.path.replace('{key}', `:${keyName}`))
    @HttpCode(act.status)
    @Allow(act.right)
    @OptionalBody
    @Describe({ ...act })
    @ApiOperation({ operationId: act.operationId ?? `${act.name}_${name}` })
    async run(
      @Caller() caller: Principal,
      @Key id: string,
      @Body({ schema: act.body }) body: unknown,
    ): Promise<unknown> {
      const { deps } = this.stores;
      const context = {
        store: this.stores.get(name),
        kinds: deps.kinds,
        settings: this.settings,
        tester: this.tester,
        now: deps.now ?? (() => new Date()),
      };
      return act.run(
        context,
        {
          actor: actorOf(caller),
          team: caller.team,
          mayManage: mayUse(caller, 'manage'),
          oneTeam: (team) => oneTeam(caller, team),
        },
        { key: id, body },
      );
    }
  }
  return ActController;
}
