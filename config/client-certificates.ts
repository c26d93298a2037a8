import { type ClientCertificate, isRsa, matchCertificate } from '../encryption/client-certificate.ts';

/** The variables of certificates, as far as they are valid each by itself. */
export interface CertificateVariables {
  readonly MICROSOFT_CERTIFICATE?: string | undefined;
  readonly MICROSOFT_CERTIFICATE_KEY?: string | undefined;
}

/** Undefined without both, or when they do not belong together. */
export function clientCertificateOf(
  certificate: string | undefined,
  key: string | undefined,
): ClientCertificate | undefined {
  return certificate === undefined || key === undefined ? undefined : matchCertificate(certificate, key);
}

/** Problems of these variables in combination. */
export function clientCertificateProblem({
  MICROSOFT_CERTIFICATE: certificate,
  MICROSOFT_CERTIFICATE_KEY: key,
}: CertificateVariables): { readonly variable: keyof CertificateVariables; readonly problem: string } | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined) {
    return { variable: 'MICROSOFT_CERTIFICATE', problem: 'is missing although MICROSOFT_CERTIFICATE_KEY is set' };
  }
  if (key === undefined) {
    return { variable: 'MICROSOFT_CERTIFICATE_KEY', problem: 'is missing although MICROSOFT_CERTIFICATE is set' };
  }
  const matched = matchCertificate(certificate, key);
  if (!matched) {
    return {
      variable: 'MICROSOFT_CERTIFICATE_KEY',
      problem: 'does not belong to any certificate of MICROSOFT_CERTIFICATE',
    };
  }
  if (!isRsa(matched)) {
    return { variable: 'MICROSOFT_CERTIFICATE_KEY', problem: 'holds an EC key; Entra accepts RSA alone' };
  }
  return undefined;
}
