import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { ConnectionsModule } from './connections.js';

it('connections start before every other module and stop after every other, once', async () => {
  const order: string[] = [];
  const user = (name: string) => ({
    provide: name,
    useValue: {
      onApplicationBootstrap: () => order.push(`${name} starts`),
      beforeApplicationShutdown: () => order.push(`${name} stops`),
      onApplicationShutdown: () => order.push(`${name} has stopped`),
    },
  });
  @Module({ providers: [user('feature')] })
  class FeatureModule {}
  @Module({ providers: [user('global')] })
  class GlobalModule {}
  const connections = {
    start: () => void order.push('connections start'),
    stop: async () => void order.push('connections stop'),
  };
  const app = await Test.createTestingModule({
    imports: [ConnectionsModule.register(connections), { module: GlobalModule, global: true }, FeatureModule],
  }).compile();
  await app.init();
  expect(order[0]).toBe('connections start');
  await Promise.all([app.close(), app.close()]);
  expect(order.at(-1)).toBe('connections stop');
  expect(order.filter((entry) => entry.startsWith('connections'))).toEqual(['connections start', 'connections stop']);
  expect(order).toContain('feature has stopped');
});
