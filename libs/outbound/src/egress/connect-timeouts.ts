/** Most time to open a connection over HTTP, TLS included. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Most time for one of several addresses before the next is tried. Node's default of 250 ms is short for a far receiver. */
export const ADDRESS_TIMEOUT_MS = 500;
