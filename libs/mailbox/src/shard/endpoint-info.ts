import { z } from 'zod';
import { parseTargetName } from './keys.js';
import type { EndpointInfo } from './target-ref.js';

const endpointInfoSchema = z.object({
  endpointId: z.string(),
  endpointName: z.string(),
  team: z.string(),
  channel: z.string(),
  target: z.string(),
});

/** The endpoint of a target of which only the name is known. */
export function unknownEndpoint(channel: string, target: string): EndpointInfo {
  const { endpointId, targetId } = parseTargetName(target);
  return { endpointId, endpointName: endpointId, team: '', channel, target: targetId };
}

/** Reads the endpoint that a mailbox stores; undefined where it stores none, made up of the target where it is unreadable. */
export function readEndpointInfo(text: string, channel: string, target: string): EndpointInfo | undefined {
  if (text === '') return undefined;
  const unknown = unknownEndpoint(channel, target);
  try {
    return endpointInfoSchema.parse({ ...unknown, ...(JSON.parse(text) as object) });
  } catch {
    return unknown;
  }
}
