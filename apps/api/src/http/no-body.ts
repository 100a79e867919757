import { z } from 'zod';

/** The body of a request that needs none: an empty object, or no body. */
export const noBody = z.strictObject({}).optional();
