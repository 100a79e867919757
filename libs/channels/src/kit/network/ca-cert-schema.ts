import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const CERT_CHARS_MAX = 65_536;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).toString() !== '';
  } catch {
    return false;
  }
}

/** The field `caCert` of channels that connect by TLS to servers of the user. */
export const caCertSchema = z
  .string()
  .max(CERT_CHARS_MAX)
  .refine(isCertificate, { error: 'must be a certificate in PEM form' })
  .optional()
  .meta({
    title: 'CA certificate',
    description: 'a certificate authority trusted beside those of the system, in PEM form',
    format: 'pem',
    destination: 'value',
  });
