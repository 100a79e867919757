/** An endpoint as the description of the API shows one. */
export const ENDPOINT_EXAMPLE = {
  name: 'ops hook',
  channel: 'http',
  config: { url: 'https://example.com/alerts', headers: { authorization: 'Bearer …' } },
  pushPeriod: '12h',
  policies: ['cpu-high'],
};
