import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { LIBRARY_PAGE } from '../http/page-headers.js';
import { placeBodies } from './bodies-by-type.js';
import { knownComponents, toOpenApi } from './to-open-api.js';

const DESCRIPTION = `Tocsin accepts alert events, decides which of them to push, and delivers those.

Errors are problem documents (RFC 9457). Lists return \`items\` and \`nextCursor\`, and accept \`limit\` and \`cursor\`.
Durations are \`0s\`, or a whole number followed by s, m, h or d. Times are RFC 3339. Changes are JSON Merge Patches
(RFC 7396): null restores a default, objects are merged, lists are replaced whole. Secrets read back as \`********\`;
sending that mask back keeps the stored secret.`;

/** The description of the API, made from the same schemas that check requests. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Tocsin')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'an API key' }, 'key')
    .addBasicAuth(
      {
        type: 'http',
        scheme: 'basic',
        description: 'any user name, and an API key as the password',
      },
      'basic',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${method}${controller.replace(/Controller$/, '')}`,
    standardSchemaConverter: (schema, { schemaType }) => ({ schema: toOpenApi(schema as z.ZodType, schemaType) }),
  });
  placeBodies(document);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...(knownComponents() as object) },
  };
  return document;
}

const PAGE = 'docs';
const PAGE_ROUTE = new RegExp(`^/${PAGE}(/|$)`);

/** Serves the description at /openapi.json, and a page to read it at /docs. */
export function serveDocs(app: INestApplication): void {
  let document: OpenAPIObject | undefined;
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', async (request, reply) => {
    if (PAGE_ROUTE.test(request.routeOptions.url ?? '')) reply.header('content-security-policy', LIBRARY_PAGE);
  });
  SwaggerModule.setup(PAGE, app, () => (document ??= describeApi(app)), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Tocsin API',
  });
}
