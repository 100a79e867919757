/** Texts for error codes of OpenSSL and Node.js whose own message does not say what to do. */
const TEXTS: readonly (readonly [codes: RegExp, text: string])[] = [
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$|^EPROTO$/,
    'the server does not use TLS on this port',
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
    'its certificate was issued by an authority that is not trusted; add the authority as `caCert`',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet'],
];

/** A readable text for a TLS error; the message itself for every other code. */
export function tlsErrorText(code: string, message: string): string {
  return TEXTS.find(([codes]) => codes.test(code))?.[1] ?? message;
}
