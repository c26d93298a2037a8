import { type ClientCertificate, isRsa, matchCertificate } from '../encryption/client-certificate.ts';
import { halfOfPair, type VariableProblem } from './certificate-pair.ts';

/** The variables of certificates, as far as they are valid each by itself. */
export interface CertificateVariables {
  readonly MICROSOFT_CERTIFICATE?: string | undefined;
  readonly MICROSOFT_CERTIFICATE_KEY?: string | undefined;
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_CLIENT_KEY?: string | undefined;
  readonly OIDC_CLIENT_CERTIFICATE?: string | undefined;
}

type CertificateVariableProblem = VariableProblem<keyof CertificateVariables>;

/** Microsoft's hosts that sign people in. */
const ENTRA = /^https:\/\/(login\.microsoftonline\.(com|us)|login\.partner\.microsoftonline\.cn|sts\.windows\.net)\//;

/** Undefined without both, or when they do not belong together. */
export function clientCertificateOf(
  certificate: string | undefined,
  key: string | undefined,
): ClientCertificate | undefined {
  return certificate === undefined || key === undefined ? undefined : matchCertificate(certificate, key);
}

/** Problems of these variables in combination. */
export function clientCertificateProblem(values: CertificateVariables): CertificateVariableProblem | undefined {
  const half = halfOfPair(values, 'MICROSOFT_CERTIFICATE', 'MICROSOFT_CERTIFICATE_KEY');
  const { MICROSOFT_CERTIFICATE: certificate, MICROSOFT_CERTIFICATE_KEY: key } = values;
  if (half || certificate === undefined || key === undefined) return half;
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

/** Problems of the key for single sign-on in combination. */
export function signOnKeyProblem({
  OIDC_ISSUER: issuer = '',
  OIDC_CLIENT_SECRET: secret,
  OIDC_CLIENT_KEY: key,
  OIDC_CLIENT_CERTIFICATE: certificate,
}: CertificateVariables): CertificateVariableProblem | undefined {
  if (key === undefined) {
    return certificate === undefined
      ? undefined
      : { variable: 'OIDC_CLIENT_KEY', problem: 'is missing although OIDC_CLIENT_CERTIFICATE is set' };
  }
  if (secret !== undefined) {
    return { variable: 'OIDC_CLIENT_SECRET', problem: 'and OIDC_CLIENT_KEY are both set: use one of them' };
  }
  if (certificate !== undefined && !matchCertificate(certificate, key)) {
    return { variable: 'OIDC_CLIENT_KEY', problem: 'does not belong to any certificate of OIDC_CLIENT_CERTIFICATE' };
  }
  if (!ENTRA.test(issuer)) return undefined;
  if (!isRsa({ privateKey: key })) {
    return { variable: 'OIDC_CLIENT_KEY', problem: 'holds an EC key; Entra accepts RSA alone' };
  }
  return certificate === undefined
    ? { variable: 'OIDC_CLIENT_CERTIFICATE', problem: 'is missing: Entra knows a key by its certificate' }
    : undefined;
}
