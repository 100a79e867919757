/** Codes of OpenSSL and Node.js that say little to people, in words that name what to do. */
const WORDS: readonly (readonly [codes: RegExp, words: string])[] = [
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$|^EPROTO$/,
    'the other side does not speak TLS on this port',
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
    'its certificate is of an authority that is not trusted; name that in `caCert`',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet'],
];

/** What a failure of TLS means; the message itself for every other code. */
export function tlsWords(code: string, message: string): string {
  return WORDS.find(([codes]) => codes.test(code))?.[1] ?? message;
}
