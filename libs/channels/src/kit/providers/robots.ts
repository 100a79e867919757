import { z } from 'zod';
import { httpUrlSchema } from '../http/http-url.js';
import { addressId } from './address-id.js';
import { webhookVia } from './api-url.js';

const ROBOTS_MAX = 100;

export interface Robot {
  id?: string | undefined;
  webhookUrl: string;
}

/** What is particular to a provider's group robots. */
export interface RobotKind {
  /** A webhook as the provider shows it. */
  example: string;
  /** Where the provider stands for everybody. */
  publicUrls: readonly string[];
  /** What the provider knows the robot by, and its secret; the whole address where a gateway keeps that to itself. */
  keyOf(webhookUrl: string): string;
}

/** The key in that parameter of the query. */
export const keyInQuery =
  (parameter: string): RobotKind['keyOf'] =>
  (webhookUrl) =>
    URL.parse(webhookUrl)?.searchParams.get(parameter) || webhookUrl;

/** The fields that robots of every provider have. */
export const robotFields = ({ example }: RobotKind) => ({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' })
    .optional()
    .meta({ title: 'Id', description: 'made when the robot is saved; with it, a masked secret keeps what is stored' }),
  webhookUrl: httpUrlSchema.meta({
    title: 'Webhook URL',
    description: `as the provider shows it, such as ${example}, or of a gateway before it`,
    writeOnly: true,
  }),
});

/** The field `robots` of a provider of group robots. */
export const robotsSchema = <R extends Robot>({ keyOf }: RobotKind, robot: z.ZodType<R>) =>
  z
    .array(robot)
    .max(ROBOTS_MAX)
    .superRefine((robots, context) => {
      refuseTwins(
        'id',
        robots.map(({ id }) => id),
        context,
      );
      refuseTwins(
        'webhookUrl',
        robots.map(({ webhookUrl }) => keyOf(webhookUrl)),
        context,
      );
    })
    .meta({ title: 'Robots', description: 'robots of groups, each a target of its own' });

function refuseTwins(field: string, values: readonly (string | undefined)[], context: z.RefinementCtx): void {
  for (const [index, value] of values.entries()) {
    if (value === undefined || values.indexOf(value) === index) continue;
    context.addIssue({
      code: 'custom',
      path: [index, field],
      message: 'must not be that of another robot in the list',
    });
  }
}

const robotId = ({ webhookUrl }: Robot, { keyOf }: RobotKind): string => addressId('robot', keyOf(webhookUrl));

/** Each robot as a target. It keeps its id when it is reached by another way; what counts its messages is at the end of one. */
export const robotTargets = (robots: readonly Robot[], kind: RobotKind, apiUrl: string | undefined) =>
  robots.map((robot, index) => ({
    id: robotId(robot, kind),
    label: `robot ${index + 1}`,
    credential: addressId('robot', counterOf(webhookVia(robot.webhookUrl, apiUrl, kind.publicUrls), kind)),
  }));

/** The provider's own robots have one key each. Of what answers elsewhere nothing is known but the address. */
const counterOf = (address: string, { keyOf, publicUrls }: RobotKind): string =>
  publicUrls.some((url) => address.toLowerCase().startsWith(`${url}/`)) ? keyOf(address) : address;

/** @throws when the target is none of them: both come from the same settings */
export function robotOf<R extends Robot>(target: { id: string }, robots: readonly R[], kind: RobotKind): R {
  const robot = robots.find((one) => robotId(one, kind) === target.id);
  if (!robot) throw new Error('the target is no robot of these settings');
  return robot;
}
