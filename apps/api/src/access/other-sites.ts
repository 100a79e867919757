import type { FastifyRequest } from 'fastify';

/**
 * Whether the page of another site may have made a browser send this request. Programs send neither header; every browser
 * sends one of them with requests that change data.
 */
export function isFromOtherSite({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
