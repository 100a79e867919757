import type { OpenAPIObject } from '@nestjs/swagger';

/** Extension of an operation with the schemas of its bodies, by content type; the document does not contain it. */
export const BODIES_BY_TYPE = 'x-bodies-by-type';

type Content = Record<string, { schema?: unknown }>;
interface Operation {
  requestBody?: { content: Content };
  [BODIES_BY_TYPE]?: Record<string, unknown>;
}

/** Gives content types their own schemas. The framework knows one schema for all content types of an operation. */
export function placeBodies({ paths }: OpenAPIObject): void {
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path) as Operation[])) {
    const bodies = operation[BODIES_BY_TYPE] ?? {};
    delete operation[BODIES_BY_TYPE];
    for (const [type, schema] of Object.entries(bodies)) {
      // The example is one of the other schema.
      if (operation.requestBody) operation.requestBody.content[type] = { schema };
    }
  }
}
