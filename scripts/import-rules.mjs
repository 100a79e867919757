/** Libraries from the ground up: each may import what stands in lines above its own, and nothing beside or below. */
export const LAYERS = [
  ['contracts'],
  ['config', 'matching', 'network', 'security', 'telemetry', 'validation'],
  ['kafka'],
  ['channels', 'redis', 'sources', 'templates'],
  ['access', 'alerts', 'mailbox', 'outbound', 'own-alerts'],
  ['admission', 'persistence'],
  ['delivery', 'intake', 'settings'],
  ['operations'],
];

/** The packages of each library. Nest, TypeORM and BullMQ stay where they are at home; applications may use all. */
export const PACKAGES = {
  contracts: ['zod'],
  config: ['ipaddr.js', 'zod'],
  matching: ['lru-cache', 're2js', 'zod'],
  security: ['zod'],
  telemetry: ['pino', 'prom-client'],
  validation: ['zod'],
  network: [],
  kafka: ['kafkajs', 'zod'],
  channels: ['lru-cache', 'zod'],
  redis: ['ioredis'],
  sources: ['zod'],
  templates: ['dayjs', 'lru-cache', 'nunjucks', 'piscina'],
  access: ['ipaddr.js', 'lru-cache'],
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

/**
 * Plug-ins by their folders, each folder but the kit holding one of them. A plug-in may import its own folder and `files`
 * (a name with a slash at its end is a folder), `packages` that all may import, and libraries of clients that name it in
 * `clients`. Besides, it may have client libraries of its own: packages that neither the core nor another plug-in imports.
 */
export const PLUGINS = [
  {
    kind: 'channel',
    folder: 'libs/channels/src/',
    files: ['libs/channels/src/channel.ts', 'libs/channels/src/kit/index.ts', 'libs/contracts/src/index.ts'],
    packages: ['zod'],
    clients: { kafka: ['kafka'] },
  },
  {
    kind: 'source',
    folder: 'libs/sources/src/',
    files: ['libs/sources/src/source.ts', 'libs/sources/src/kit/', 'libs/contracts/src/index.ts'],
    packages: ['zod'],
    clients: {},
  },
];
/** The folder of a kind of plug-ins that holds the code that they have in common. */
export const KIT = 'kit';

/** Files that plug-ins import from the folder that registers them; find-folder-circles.mjs gives the reason. */
export const PLUGIN_INTERFACES = [
  'libs/channels/src/channel.ts',
  'libs/sources/src/source.ts',
  'libs/settings/src/resource.ts',
];
