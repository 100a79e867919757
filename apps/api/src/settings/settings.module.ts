import { Module } from '@nestjs/common';
import { resources } from '#libs/settings';
import { actController } from './act-controller.js';
import { resourceController } from './resource-controller.js';

/** The routes of every settings resource. Acts come first: `test` must not be read as the id of an endpoint. */
@Module({
  controllers: resources.flatMap((resource) => [
    ...(resource.acts ?? []).map((act) => actController(resource, act)),
    resourceController(resource),
  ]),
})
export class SettingsModule {}
