import openapiTypes, { astToString } from 'openapi-typescript';

/** TypeScript types of an OpenAPI document, as the console's API client uses them. */
export const apiTypes = async (document) => astToString(await openapiTypes(document));
