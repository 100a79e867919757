import type { Outcome, OutcomeKind } from '#libs/contracts';
import { isKafkajsError, type KafkajsError, type ProduceFailure, protocolErrorOf } from './produce-failure.js';

/**
 * Error codes that refuse the record itself; the broker has stored no record of the batch.
 * https://kafka.apache.org/protocol#protocol_error_codes
 */
const RECORD_ERRORS: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'the record is larger than the topic allows (max.message.bytes)',
  RECORD_LIST_TOO_LARGE: 'the record is larger than a segment of the topic',
  INVALID_TIMESTAMP: 'the topic does not accept the timestamp of the record',
  INVALID_RECORD: 'the broker found the record invalid',
  POLICY_VIOLATION: 'a policy of the cluster does not allow the record',
};

/** Error codes that only a change of the settings, or of the cluster, can end. */
const SETTINGS_ERRORS: Readonly<Record<string, (topic: string) => string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: (topic) => `the topic ${topic} does not exist and is not created automatically`,
  INVALID_TOPIC_EXCEPTION: (topic) => `${topic} is not a topic that clients can write to`,
  TOPIC_AUTHORIZATION_FAILED: (topic) => `this user may not write to the topic ${topic}`,
  CLUSTER_AUTHORIZATION_FAILED: () => 'this user may not use the cluster',
  UNSUPPORTED_SASL_MECHANISM: () => 'the broker does not support this SASL mechanism',
  ILLEGAL_SASL_STATE: () => 'the broker accepts no login on this port; remove `sasl`, or use the port that accepts one',
  SASL_AUTHENTICATION_FAILED: () => 'the broker refused the login',
  SECURITY_DISABLED: () => 'the broker accepts no login',
  UNSUPPORTED_VERSION: () => 'the broker supports no protocol version that this client supports',
  UNSUPPORTED_FOR_MESSAGE_FORMAT: (topic) => `the message format of the topic ${topic} is too old`,
};

/** Error codes after which the record may be stored, although not on all replicas. */
const POSSIBLY_STORED = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND']);

export const isRecordError = ({ cause }: ProduceFailure): boolean => protocolErrorOf(cause) in RECORD_ERRORS;

export const isUnknownTopic = ({ cause }: ProduceFailure): boolean =>
  protocolErrorOf(cause) === 'UNKNOWN_TOPIC_OR_PARTITION';

/** The outcome of a record that failed with an error of kafkajs; undefined if the cause is another error. */
export function produceOutcome({ cause, sent }: ProduceFailure, topic: string): Outcome | undefined {
  if (!isKafkajsError(cause)) return undefined;
  const code = protocolErrorOf(cause);
  if (code !== '') return { code, ...protocolOutcome(code, cause.message, topic) };
  if (cause.name === 'KafkaJSSASLAuthenticationError') {
    return { kind: 'misconfigured', code: 'SASL_AUTHENTICATION_FAILED', message: inOneLine(cause.message) };
  }
  if (cause.code === 'EGRESS_DENIED')
    return { kind: 'misconfigured', code: cause.code, message: messageOf(cause, sent) };
  return { kind: sent ? 'unknown' : 'unavailable', code: codeOf(cause), message: messageOf(cause, sent) };
}

function protocolOutcome(code: string, answer: string, topic: string): { kind: OutcomeKind; message: string } {
  const recordError = RECORD_ERRORS[code];
  if (recordError !== undefined) return { kind: 'rejected', message: recordError };
  const settingsError = SETTINGS_ERRORS[code];
  if (settingsError !== undefined) return { kind: 'misconfigured', message: settingsError(topic) };
  const message = `the broker answered: ${answer}`;
  return { kind: POSSIBLY_STORED.has(code) ? 'unknown' : 'unavailable', message };
}

function codeOf({ name, code }: KafkajsError): string {
  if (typeof code === 'string') return code;
  if (name === 'KafkaJSRequestTimeoutError') return 'TIMEOUT';
  if (name === 'KafkaJSNumberOfRetriesExceeded') return 'NO_BROKER';
  return name === 'KafkaJSConnectionClosedError' ? 'CLOSED' : name;
}

function messageOf({ name, message, broker = 'the broker' }: KafkajsError, sent: boolean): string {
  if (name === 'KafkaJSRequestTimeoutError') return `${broker} did not answer in time`;
  // kafkajs does not expose the error behind this one.
  if (name === 'KafkaJSNumberOfRetriesExceeded')
    return 'no broker answered with the Kafka protocol; it may hang, or not be a Kafka broker';
  if (name === 'KafkaJSConnectionClosedError') {
    // A broker closes the connection without a reason if a login is missing, or TLS is on one side only.
    return `${broker} closed the connection${sent ? '' : '; this port may require a login or TLS'}`;
  }
  return message.replace(/^Connection error: /, '');
}

/** The words of a broker without control characters, in one line. */
const inOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
