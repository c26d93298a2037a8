import { createPrivateKey, X509Certificate } from 'node:crypto';

/** A problem of a variable in combination with others. */
export interface VariableProblem<Name extends string> {
  readonly variable: Name;
  readonly problem: string;
}

type Values<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/** One of a certificate and its private key without the other. */
export function halfOfPair<Certificate extends string, Key extends string>(
  values: Values<Certificate | Key>,
  certificate: Certificate,
  key: Key,
): VariableProblem<Certificate | Key> | undefined {
  const hasCertificate = values[certificate] !== undefined;
  if (hasCertificate === (values[key] !== undefined)) return undefined;
  return hasCertificate
    ? { variable: key, problem: `is missing although ${certificate} is set` }
    : { variable: certificate, problem: `is missing although ${key} is set` };
}

/** What is wrong with a client certificate for TLS and its private key, each valid by itself, as a pair. */
export function tlsPairProblem<Certificate extends string, Key extends string>(
  values: Values<Certificate | Key>,
  certificate: Certificate,
  key: Key,
): VariableProblem<Certificate | Key> | undefined {
  const half = halfOfPair(values, certificate, key);
  const { [certificate]: pem, [key]: keyPem } = values;
  if (half || typeof pem !== 'string' || typeof keyPem !== 'string') return half;
  if (new X509Certificate(pem).checkPrivateKey(createPrivateKey(keyPem))) return undefined;
  return { variable: key, problem: `does not belong to ${certificate}` };
}
