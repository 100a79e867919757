const URL_CHARS_MAX = 2_048;
const RENDERED_CHARS_MAX = 8_192;
/** A backslash ends the host as a slash does: https://url.spec.whatwg.org/#authority-state */
const PARTS = /^(https?):\/\/([^/?#\\]*)([\s\S]*)$/i;
const TEMPLATE_TAG = /\{[{%#]/;
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i;

/** The problem of an endpoint's URL, or undefined. Its template is compiled elsewhere. */
export function urlProblem(url: string): string | undefined {
  if (url.length > URL_CHARS_MAX) return `must have at most ${URL_CHARS_MAX} characters`;
  // The URL parser drops tabs and line ends, so the URL that is checked would differ from the one that is called.
  if (/\p{Cc}/u.test(url)) return 'must not contain control characters or line ends';
  const [, , host = '', rest = ''] = PARTS.exec(url) ?? [];
  if (!PARTS.test(url)) return 'must begin with http:// or https://';
  if (/[{}]/.test(host)) return 'must not have a template in its scheme, host or port';
  if (host.includes('@')) return 'must not contain a user name or password; set an authorization header instead';
  if (rest.startsWith('\\')) return 'must not have a backslash after its host';
  if (host === '' || !URL.canParse(`http://${host}/`)) return 'must have a host, and a port from 1 to 65535 or none';
  if (/:0*$/.test(host)) return 'must have a port from 1 to 65535, or no port';
  return undefined;
}

/** The problem of a rendered URL, or undefined. Its host and path must be those of its template. */
export function renderedUrlProblem(template: string, rendered: string): string | undefined {
  if (rendered === template) return undefined;
  if (rendered.length > RENDERED_CHARS_MAX) return `the URL is longer than ${RENDERED_CHARS_MAX} characters`;
  // Scheme, host and port contain no template, so they must be unchanged.
  const [, scheme, host] = PARTS.exec(template) ?? [];
  const [, renderedScheme, renderedHost] = PARTS.exec(rendered) ?? [];
  if (scheme !== renderedScheme || host !== renderedHost) return 'the rendered URL has another host than the template';
  if (dotSegments(rendered) !== dotSegments(template)) return 'a value of . or .. would change the path of the URL';
  return undefined;
}

/** Scheme, host and port of a valid URL; the rest may be secret. */
export function hostOf(url: string): string {
  const [, scheme = '', host = ''] = PARTS.exec(url) ?? [];
  return `${scheme.toLowerCase()}://${host.toLowerCase()}`;
}

function dotSegments(url: string): number {
  const path = (PARTS.exec(url)?.[3] ?? '').split(/[?#]/, 1)[0] ?? '';
  return path.split(/[/\\]/).filter((segment) => DOT_SEGMENT.test(segment)).length;
}

/** Whether the URL contains values of the message. */
export const isTemplate = (url: string): boolean => TEMPLATE_TAG.test(url);
