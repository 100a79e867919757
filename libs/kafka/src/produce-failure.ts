/** The error of a record that the cluster did not confirm. */
export class ProduceFailure extends Error {
  override readonly name = 'ProduceFailure';
  /** The root error: of kafkajs, of the connection or of this library, without its wrappers. */
  override readonly cause: unknown;

  constructor(
    error: unknown,
    /** Whether the record was written to a connection, so that the cluster may have stored it. */
    readonly sent: boolean,
  ) {
    super('the cluster did not confirm the record');
    this.cause = rootOf(error);
  }
}

/** An error of kafkajs: https://github.com/tulios/kafkajs/blob/v2.2.4/src/errors.js */
export interface KafkajsError extends Error {
  code?: string | number;
  /** The name of the protocol's error code. */
  type?: string;
  broker?: string;
}

export const isKafkajsError = (error: unknown): error is KafkajsError =>
  error instanceof Error && error.name.startsWith('KafkaJS');

/** The protocol's error code, by name; empty if the broker reported none. */
export const protocolErrorOf = (error: unknown): string => (isKafkajsError(error) ? (error.type ?? '') : '');

/** Unwraps errors of kafkajs: the reason for giving up is the cause of the cause. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (isKafkajsError(root) && isKafkajsError(root.cause)) root = root.cause;
  return root;
}
