const URL_CHARS_MAX = 2_048;
const RENDERED_CHARS_MAX = 8_192;
/** A backslash ends the host as a slash does: https://url.spec.whatwg.org/#authority-state */
const PARTS = /^(https?):\/\/([^/?#\\]*)([\s\S]*)$/i;
const TEMPLATE_TAG = /\{[{%#]/;
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i;

/** What is wrong with the URL of an endpoint, or undefined. Whether its template compiles is checked elsewhere. */
export function urlProblem(url: string): string | undefined {
  if (url.length > URL_CHARS_MAX) return `must have at most ${URL_CHARS_MAX} characters`;
  // A URL is read without its tabs and line ends, so that what is checked here would not be what is called.
  if (/\p{Cc}/u.test(url)) return 'must not contain control characters or line ends';
  const [, , host = '', rest = ''] = PARTS.exec(url) ?? [];
  if (!PARTS.test(url)) return 'must begin with http:// or https://';
  if (/[{}]/.test(host)) return 'must not have a template in its scheme, host or port';
  if (host.includes('@')) return 'must not hold a user name or password: set an authorization header instead';
  if (rest.startsWith('\\')) return 'must not have a backslash after its host';
  if (host === '' || !URL.canParse(`http://${host}/`)) return 'must name a host, and a port from 1 to 65535 if any';
  if (/:0*$/.test(host)) return 'must name a port from 1 to 65535 if any';
  return undefined;
}

/** What is wrong with a URL whose values are in place: it may not lead anywhere but where its template does. */
export function renderedUrlProblem(template: string, rendered: string): string | undefined {
  if (rendered === template) return undefined;
  if (rendered.length > RENDERED_CHARS_MAX) return `the URL is longer than ${RENDERED_CHARS_MAX} characters`;
  // Scheme, host and port have no template in them, so they stand at the beginning as they did.
  const [, scheme, host] = PARTS.exec(template) ?? [];
  const [, renderedScheme, renderedHost] = PARTS.exec(rendered) ?? [];
  if (scheme !== renderedScheme || host !== renderedHost) return 'the URL leads to another host';
  if (dotSegments(rendered) !== dotSegments(template)) return 'a value of . or .. in the path would lead elsewhere';
  return undefined;
}

/** Scheme, host and port of an accepted URL: what people may see of it. */
export function hostOf(url: string): string {
  const [, scheme = '', host = ''] = PARTS.exec(url) ?? [];
  return `${scheme.toLowerCase()}://${host.toLowerCase()}`;
}

function dotSegments(url: string): number {
  const path = (PARTS.exec(url)?.[3] ?? '').split(/[?#]/, 1)[0] ?? '';
  return path.split(/[/\\]/).filter((segment) => DOT_SEGMENT.test(segment)).length;
}

/** Whether the address depends on the message, so that a wrong one tells nothing about the endpoint. */
export const isTemplate = (url: string): boolean => TEMPLATE_TAG.test(url);
