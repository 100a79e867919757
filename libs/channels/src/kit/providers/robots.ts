import { z } from 'zod';
import { httpUrlSchema } from '../http/http-url.js';
import { addressId } from './address-id.js';
import { webhookVia } from './api-url.js';

const ROBOTS_MAX = 100;

export interface Robot {
  id?: string | undefined;
  webhookUrl: string;
}

/** The properties of one provider's group robots. */
export interface RobotKind {
  /** The form of a webhook in the provider's console. */
  example: string;
  /** The public addresses of the provider. */
  publicUrls: readonly string[];
  /** The key by which the provider identifies the robot; the whole URL if a gateway adds the key itself. */
  keyOf(webhookUrl: string): string;
}

/** Reads the key from a parameter of the query. */
export const keyInQuery =
  (parameter: string): RobotKind['keyOf'] =>
  (webhookUrl) =>
    URL.parse(webhookUrl)?.searchParams.get(parameter) || webhookUrl;

/** The fields that the robots of every provider have. */
export const robotFields = ({ example }: RobotKind) => ({
  id: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' })
    .optional()
    .meta({
      title: 'Id',
      description: 'assigned when the robot is saved; send it with a masked secret to keep the stored one',
    }),
  webhookUrl: httpUrlSchema.meta({
    title: 'Webhook URL',
    description: `the address shown by the provider, such as ${example}, or that of a gateway`,
    writeOnly: true,
  }),
});

/** The field `robots` of a provider of group robots. */
export const robotsSchema = <R extends Robot>({ keyOf }: RobotKind, robot: z.ZodType<R>) =>
  z
    .array(robot)
    .max(ROBOTS_MAX)
    .superRefine((robots, context) => {
      refuseDuplicates(
        'id',
        robots.map(({ id }) => id),
        context,
      );
      refuseDuplicates(
        'webhookUrl',
        robots.map(({ webhookUrl }) => keyOf(webhookUrl)),
        context,
      );
    })
    .meta({ title: 'Robots', description: 'group robots; each is a target of its own' });

function refuseDuplicates(field: string, values: readonly (string | undefined)[], context: z.RefinementCtx): void {
  for (const [index, value] of values.entries()) {
    if (value === undefined || values.indexOf(value) === index) continue;
    context.addIssue({
      code: 'custom',
      path: [index, field],
      message: 'must differ from that of every other robot in the list',
    });
  }
}

const robotId = ({ webhookUrl }: Robot, { keyOf }: RobotKind): string => addressId('robot', keyOf(webhookUrl));

/**
 * One target for each robot. The target's id comes from the key, so it stays when a gateway is added; the credential,
 * by which sends are counted, comes from the address that is called.
 */
export const robotTargets = (robots: readonly Robot[], kind: RobotKind, apiUrl: string | undefined) =>
  robots.map((robot, index) => ({
    id: robotId(robot, kind),
    label: `robot ${index + 1}`,
    credential: addressId('robot', credentialOf(webhookVia(robot.webhookUrl, apiUrl, kind.publicUrls), kind)),
  }));

/** The key at the provider's public addresses; elsewhere the whole address, as its format is unknown. */
const credentialOf = (address: string, { keyOf, publicUrls }: RobotKind): string =>
  publicUrls.some((url) => address.toLowerCase().startsWith(`${url}/`)) ? keyOf(address) : address;

/** @throws if the target is not one of the robots; both come from the same settings */
export function robotOf<R extends Robot>(target: { id: string }, robots: readonly R[], kind: RobotKind): R {
  const robot = robots.find((one) => robotId(one, kind) === target.id);
  if (!robot) throw new Error('the target is not a robot of these settings');
  return robot;
}
