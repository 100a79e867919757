/** Libraries from the ground up: each may import what stands in lines above its own, and nothing beside or below. */
export const LAYERS = [
  ['contracts'],
  ['config', 'matching', 'security', 'telemetry', 'validation'],
  ['channels', 'redis', 'sources', 'templates'],
  ['alerts', 'mailbox', 'outbound', 'own-alerts'],
  ['admission', 'persistence'],
  ['delivery', 'intake', 'settings'],
  ['operations'],
];

/** The packages of each library. Nest, TypeORM and BullMQ stay where they are at home; applications may use all. */
export const PACKAGES = {
  contracts: ['zod'],
  config: ['ipaddr.js', 'zod'],
  matching: ['re2js', 'zod'],
  security: ['zod'],
  telemetry: ['pino', 'prom-client'],
  validation: ['zod'],
  channels: ['zod'],
  redis: ['ioredis'],
  sources: ['zod'],
  templates: ['dayjs', 'lru-cache', 'nunjucks', 'piscina'],
  alerts: [],
  mailbox: ['zod'],
  outbound: ['ipaddr.js', 'lru-cache', 'undici'],
  'own-alerts': [],
  admission: [],
  intake: [],
  delivery: ['bullmq', 'zod'],
  operations: [],
  settings: ['typeorm', 'zod'],
  persistence: ['pg', 'reflect-metadata', 'typeorm'],
};

/** Files of the project that a channel may import: the plug-in interface and the contracts. */
export const CHANNEL_INTERFACE = ['libs/channels/src/channel.ts', 'libs/contracts/src/index.ts'];
/**
 * Packages that every channel may import. Besides, a channel may have client libraries of its own: packages that nothing
 * else imports, neither the core nor another channel.
 */
export const CHANNEL_PACKAGES = ['zod'];

/** Files that plug-ins import from the folder that registers them; find-folder-circles.mjs gives the reason. */
export const PLUGIN_INTERFACES = [
  'libs/channels/src/channel.ts',
  'libs/sources/src/source.ts',
  'libs/settings/src/resource.ts',
];
