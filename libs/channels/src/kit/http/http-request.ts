/** A request to a provider, by the guarded HTTP client. */
export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Wait for the body, because the provider reports the result in it. Otherwise a slow body is cut off. */
  awaitsBody?: true;
  /** No part of the message, such as a request for an access token: others wait for its result, so it needs no lease. */
  withoutMessage?: true;
  /** Called directly before the first byte is written; throws to refuse the request. The sender sets it. */
  beforeWrite?: () => void;
  /** A certificate authority trusted beside those of the system, in PEM form. */
  caCert?: string;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  /** The beginning of the body, at most 8 KiB. */
  excerpt: string;
}
