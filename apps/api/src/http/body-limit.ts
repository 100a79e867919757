const MIB = 1024 * 1024;
const BODY_MIB_MAX = 16;

/** Largest request body, in bytes; the server answers 413 above it. */
export const BODY_BYTES_MAX = BODY_MIB_MAX * MIB;

/** Detail of the 413. */
export const BODY_TOO_LARGE = `the request is larger than ${BODY_MIB_MAX} MiB`;
