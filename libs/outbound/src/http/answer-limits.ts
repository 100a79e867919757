/** Most bytes of an answer's headers. */
export const HEADER_BYTES_MAX = 16_384;
/** Body limit: a longer answer is cut off, because opening another connection is cheaper than reading on. */
export const BODY_BYTES_MAX = 65_536;
/** Time limit of a body that does not matter, from the moment the status is known. */
export const BODY_MS_MAX = 1_000;
/** The part of a body that is kept. Logs show half of it, so a secret that is echoed at the edge is still found. */
export const EXCERPT_BYTES = 8_192;
/** Most bytes that a compressed body may unpack to: providers answer in a few words. */
export const UNPACKED_BYTES_MAX = 65_536;
