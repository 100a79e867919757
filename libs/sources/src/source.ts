import type { z } from 'zod';
import type { FieldError } from '#libs/validation';

/** Headers of a request or record, with names in lower case. */
export type SourceHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The input of a reader: a body parsed as JSON, with its headers. */
export interface SourceRequest {
  body: unknown;
  headers: SourceHeaders;
}

/** An alert, or the errors that keep it out; their paths begin at the alert. */
export type ReadAlert = TakenAlert | RefusedAlert;

export interface TakenAlert {
  ok: true;
  /** The event as it is to be checked by the schema of events. */
  event: Readonly<Record<string, unknown>>;
  /** Until when the alert fires unless it is repeated, in epoch milliseconds. */
  firingUntilMs?: number;
}

export interface RefusedAlert {
  ok: false;
  errors: FieldError[];
}

/** The alerts of one request. */
export interface Reading {
  /** Each alert is read when it is asked for, and once: thousands take long, and other requests run in between. */
  alerts: Iterable<ReadAlert>;
  /** Path of the list of alerts in the body; undefined if the body is one alert. */
  place: readonly string[] | undefined;
  /** Field of an alert that holds its event, for errors of the event. */
  eventField?: string;
  /** Number of alerts that the sender left out because of its own settings. Their recoveries may never arrive. */
  truncatedAlerts?: number;
}

/** The HTTP side of a source: the answers and errors that senders of this format expect. */
export interface SourceHttp {
  /** The methods that take the payload. `operationId` is part of the OpenAPI document; clients are generated from it. */
  readonly operations: Readonly<Partial<Record<'POST' | 'PUT', { summary: string; operationId?: string }>>>;
  readonly description: string;
  /** Paths of other products that take the same payload. */
  readonly aliases?: readonly { path: `/${string}`; operationId: string }[];
  /** Content types that are parsed as JSON besides `application/json`. */
  readonly contentTypes?: readonly string[];
  /** Payloads of content types whose payload is only a part of the schema; OpenAPI describes them. */
  readonly payloads?: Readonly<Record<string, z.ZodType>>;
  /**
   * `report`: 202 with the counts; 400 only if every alert is rejected.
   * `empty`: 200 without a body; 400 if any alert is rejected, with the others taken in.
   */
  readonly answer: 'report' | 'empty';
  /** Whether senders may leave alerts out, which the report then counts. */
  readonly truncates?: true;
  /** The status over a quota: 503 for senders that do not retry after 429. */
  readonly overQuota: 429 | 503;
  /** The answer to OPTIONS, by which a sender asks for permission to send. */
  readonly handshake?: {
    readonly summary: string;
    readonly description: string;
    readonly operationId: string;
    headers(request: SourceHeaders): Record<string, string>;
  };
}

/**
 * An inbound format. The folder of a source holds everything about it: the schema of its payload, an example, recorded
 * requests, and the reader. The reader has no clock and no server; it returns what the payload states and decides nothing.
 */
export interface Source<T extends string = string, P extends z.ZodType = z.ZodType> {
  /** Name of its folder and of its route, `/api/v1/ingest/<type>`; never renamed. */
  readonly type: T;
  /** The payload of a request. The reader checks by it, and OpenAPI describes it. */
  readonly payload: P;
  /** A payload with at least one alert. */
  readonly example: object;
  /**
   * Reads a request. A bad alert is refused without the others.
   * @param nowMs the time at which the request arrived, epoch milliseconds
   * @throws UnknownPayload if the body as a whole is of another format
   */
  read(request: SourceRequest, nowMs: number): Reading;
  readonly http: SourceHttp;
}

/** Gives a source its exact types without writing them down. */
export const defineSource = <const T extends string, P extends z.ZodType>(source: Source<T, P>): Source<T, P> => source;

/** The body as a whole is of another format. */
export class UnknownPayload extends Error {
  constructor(readonly errors: FieldError[]) {
    super('the body is not of the format of this source');
    this.name = 'UnknownPayload';
  }
}

/** Most alerts of one body. Alertmanager sends its groups whole; millions of bad alerts would fit into a request. */
export const ALERTS_MAX = 20_000;

/** Checks the number of alerts before any of them is read. @throws UnknownPayload */
export function requireFew(alerts: readonly unknown[], path = ''): void {
  if (alerts.length <= ALERTS_MAX) return;
  throw new UnknownPayload([{ path, message: `has ${alerts.length} alerts, at most ${ALERTS_MAX} are allowed` }]);
}
