import { STATUS_CODES } from 'node:http';
import type { FieldError } from '#libs/validation';

/** A problem document: RFC 9457. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: FieldError[];
  [fact: string]: unknown;
}

export interface ProblemOptions {
  errors?: FieldError[];
  /** Further members, for programs. */
  facts?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** Thrown to answer with a status other than success. */
export class Problem extends Error {
  readonly errors: FieldError[] | undefined;
  readonly facts: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    detail: string,
    options: ProblemOptions = {},
  ) {
    // A stack says nothing here, and takes longer than the rest of a refusal.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail, { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Problem';
    this.errors = options.errors;
    this.facts = options.facts ?? {};
    this.headers = options.headers ?? {};
  }

  toDocument(): ProblemDocument {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors && { errors: this.errors }),
      ...this.facts,
    };
  }
}

/** A problem for an invalid request; the detail is the first of the errors. */
export function badRequest(errors: FieldError[], facts: Record<string, unknown> = {}): Problem {
  const [first] = errors;
  const detail = first
    ? `${first.path ? `${first.path} ` : 'the request '}${first.message}`
    : 'the request does not fit';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(400, detail + more, { errors, facts });
}

/** A problem for a missing dependency; the client should retry later. */
export function unavailable(detail: string, cause?: unknown, retryAfterSeconds = 5): Problem {
  return new Problem(503, detail, { cause, headers: { 'retry-after': String(retryAfterSeconds) } });
}
