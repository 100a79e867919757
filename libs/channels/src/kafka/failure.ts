import type { Outcome, OutcomeKind } from '#libs/contracts';
import { cleanLine, failureOutcome, tlsWords } from '../kit/index.js';

/** Why a record was not taken, or perhaps not. */
export class ProduceFailure extends Error {
  override readonly name = 'ProduceFailure';
  /** The error of kafkajs, of the guarded connection, or our own, without what it was wrapped in. */
  override readonly cause: unknown;

  constructor(
    error: unknown,
    /** Whether the record has begun to leave this machine. */
    readonly sent: boolean,
  ) {
    super('a record was not taken');
    this.cause = rootOf(error);
  }
}

/** What kafkajs throws: https://github.com/tulios/kafkajs/blob/v2.2.4/src/errors.js */
interface KafkajsError extends Error {
  code?: string | number;
  /** The name of the protocol's error code. */
  type?: string;
  broker?: string;
}

/** https://kafka.apache.org/protocol#protocol_error_codes: refusals of the record itself; none of its batch was written. */
const OF_THE_RECORD: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'the record is larger than the topic takes (max.message.bytes)',
  RECORD_LIST_TOO_LARGE: 'the record is larger than a segment of the topic',
  INVALID_TIMESTAMP: 'the topic does not take the time of the record',
  INVALID_RECORD: 'the broker found the record invalid',
  POLICY_VIOLATION: 'a policy of the cluster does not allow the record',
};

const OF_THE_SETTINGS: Readonly<Record<string, (topic: string) => string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: (topic) => `the topic ${topic} does not exist, and is not made automatically`,
  INVALID_TOPIC_EXCEPTION: (topic) => `${topic} is no topic that can be written to`,
  TOPIC_AUTHORIZATION_FAILED: (topic) => `this user may not write to the topic ${topic}`,
  CLUSTER_AUTHORIZATION_FAILED: () => 'this user may not use the cluster',
  UNSUPPORTED_SASL_MECHANISM: () => 'the broker does not offer this SASL mechanism',
  ILLEGAL_SASL_STATE: () => 'the broker takes no login on this port: remove `sasl`, or name the port that does',
  SASL_AUTHENTICATION_FAILED: () => 'the broker refused the login',
  SECURITY_DISABLED: () => 'the broker takes no login',
  UNSUPPORTED_VERSION: () => 'the broker speaks no version of the protocol that is known here',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: (topic) => `the message format of the topic ${topic} is too old`,
};

/** The broker may have written the record although it could not say so for all of its copies. */
const PERHAPS_WRITTEN = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']);

export const isOfTheRecord = ({ cause }: ProduceFailure): boolean => typeOf(cause) in OF_THE_RECORD;

export const isUnknownTopic = ({ cause }: ProduceFailure): boolean => typeOf(cause) === 'UNKNOWN_TOPIC_OR_PARTITION';

/** The outcome of a record that the cluster did not take. Whatever else was thrown is a fault of ours and thrown on. */
export function classify({ cause, sent }: ProduceFailure, topic: string): Outcome {
  if (!isKafkajs(cause)) return failureOutcome(cause);
  const type = typeOf(cause);
  if (type !== '') return { code: type, ...protocolOutcome(type, cause.message, topic) };
  if (cause.name === 'KafkaJSSASLAuthenticationError') {
    return { kind: 'misconfigured', code: 'SASL_AUTHENTICATION_FAILED', message: cleanLine(cause.message) };
  }
  if (cause.code === 'EGRESS_DENIED') return { kind: 'misconfigured', code: cause.code, message: wordsOf(cause, sent) };
  return { kind: sent ? 'unknown' : 'unavailable', code: codeOf(cause), message: wordsOf(cause, sent) };
}

function protocolOutcome(type: string, words: string, topic: string): { kind: OutcomeKind; message: string } {
  const ofTheRecord = OF_THE_RECORD[type];
  if (ofTheRecord !== undefined) return { kind: 'rejected', message: ofTheRecord };
  const ofTheSettings = OF_THE_SETTINGS[type];
  if (ofTheSettings !== undefined) return { kind: 'misconfigured', message: ofTheSettings(topic) };
  const message = `the broker answered: ${words}`;
  return { kind: PERHAPS_WRITTEN.has(type) ? 'unknown' : 'unavailable', message };
}

function codeOf({ name, code }: KafkajsError): string {
  if (typeof code === 'string') return code;
  if (name === 'KafkaJSRequestTimeoutError') return 'TIMEOUT';
  if (name === 'KafkaJSNumberOfRetriesExceeded') return 'NO_BROKER';
  return name === 'KafkaJSConnectionClosedError' ? 'CLOSED' : name;
}

function wordsOf(error: KafkajsError, sent: boolean): string {
  const { name, message, broker = 'the broker' } = error;
  if (name === 'KafkaJSRequestTimeoutError') return `${broker} gave no answer in time`;
  // What it stands for is kept by kafkajs to itself.
  if (name === 'KafkaJSNumberOfRetriesExceeded') return 'no broker answered as Kafka does; it may hang, or not be one';
  if (name === 'KafkaJSConnectionClosedError') {
    // A broker says no more to one who does not log in where that is asked for, or speaks TLS or none where it does not fit.
    return `${broker} closed the connection${sent ? '' : '; it may want a login, or TLS, on this port'}`;
  }
  return tlsWords(codeOf(error), message.replace(/^Connection error: /, ''));
}

/** kafkajs wraps: what it gave up for is the cause of the cause. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (isKafkajs(root) && isKafkajs(root.cause)) root = root.cause;
  return root;
}

const isKafkajs = (error: unknown): error is KafkajsError => error instanceof Error && error.name.startsWith('KafkaJS');

const typeOf = (error: unknown): string => (isKafkajs(error) ? (error.type ?? '') : '');
