import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { type Channel, configSchema } from '#libs/channels';
import type { Language } from '#libs/contracts';
import { decodePosition, defaultRateLimit, toPage } from '#libs/settings';
import { TEMPLATE_FILTERS, TEMPLATE_VARIABLES } from '#libs/templates';
import { Allow } from '../access/allow.js';
import { Describe, Section } from '../docs/api-docs.js';
import { pageOf, pageQuery, readCursor } from '../http/paging.js';
import { CHANNELS, LANGUAGE } from '../injection/injection-keys.js';

const described = z.object({ name: z.string(), description: z.string() });
const rate = z.object({ max: z.int(), per: z.string() }).nullable();
const textLimit = z.object({ max: z.int(), unit: z.enum(['bytes', 'characters']) }).nullable();
const channelAnswer = z
  .object({
    type: z.string(),
    label: z.string(),
    config: z
      .record(z.string(), z.unknown())
      .meta({ description: 'a JSON Schema; secrets are marked `writeOnly`, fields of the destination `destination`' }),
    template: z
      .object({ title: z.string(), content: z.string() })
      .meta({ description: 'template of endpoints without one, in the language of the installation' }),
    variables: z.array(described),
    filters: z.array(described).meta({ description: 'filters of templates: {{ value | filter }}' }),
    limits: z
      .object({ rate, burst: rate, title: textLimit, content: textLimit, documentedAt: z.string().nullable() })
      .meta({ description: 'limits of the provider, and its page about them; longer texts are cut' }),
    defaultRateLimit: rate,
  })
  .meta({ id: 'Channel' });

const listQuery = z.strictObject(pageQuery);
type ListQuery = z.output<typeof listQuery>;

@Section('channels')
@Controller('api/v1/channels')
export class ChannelsController {
  constructor(
    @Inject(CHANNELS) private readonly channels: readonly Channel[],
    @Inject(LANGUAGE) private readonly lang: Language,
  ) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'Lists the channels with the schemas of their settings',
    answer: pageOf(channelAnswer),
    errors: [400],
  })
  list(@Query({ schema: listQuery }) { limit, cursor }: ListQuery) {
    const start = readCursor(cursor, (text) => this.placeAfter(decodePosition(text, 1)?.[0]));
    const page = toPage(this.channels.slice(start), limit, ({ type }) => [type]);
    const items = page.items.map((channel) => ({
      type: channel.type,
      label: channel.label,
      config: configSchema(channel.config),
      template: channel.template[this.lang],
      variables: TEMPLATE_VARIABLES,
      filters: TEMPLATE_FILTERS,
      limits: { burst: null, title: null, content: null, ...channel.limits },
      defaultRateLimit: defaultRateLimit(channel),
    }));
    return { items, nextCursor: page.nextCursor };
  }

  /** The index after a channel; undefined if there is none of this type. */
  private placeAfter(type: string | undefined): number | undefined {
    const at = this.channels.findIndex((channel) => channel.type === type);
    return at < 0 ? undefined : at + 1;
  }
}
