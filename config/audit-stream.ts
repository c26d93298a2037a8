import { tlsPairProblem, type VariableProblem } from './certificate-pair.ts';

/** The system that gets the audit trail. `headers` and `tls.key` are secret. */
export interface AuditStreamConfig {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. Without `ca` the well-known authorities are trusted. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** The variables of the stream, as far as they are valid. */
export interface AuditStreamVariables {
  readonly AUDIT_STREAM_URL?: string | undefined;
  readonly AUDIT_STREAM_HEADERS?: Readonly<Record<string, string>> | undefined;
  readonly AUDIT_STREAM_CA?: string | undefined;
  readonly AUDIT_STREAM_CERTIFICATE?: string | undefined;
  readonly AUDIT_STREAM_KEY?: string | undefined;
}

const OF_TLS = ['AUDIT_STREAM_CA', 'AUDIT_STREAM_CERTIFICATE', 'AUDIT_STREAM_KEY'] as const;

/** Undefined: the trail is not streamed. */
export function auditStream(values: AuditStreamVariables): AuditStreamConfig | undefined {
  const { AUDIT_STREAM_URL: url, AUDIT_STREAM_HEADERS: headers = {} } = values;
  if (url === undefined) return undefined;
  const { AUDIT_STREAM_CA: ca, AUDIT_STREAM_CERTIFICATE: cert, AUDIT_STREAM_KEY: key } = values;
  return { url, headers, tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } };
}

/** Problems of these variables in combination. */
export function auditStreamProblem(
  values: AuditStreamVariables,
): VariableProblem<keyof AuditStreamVariables> | undefined {
  const { AUDIT_STREAM_URL: url } = values;
  if (url === undefined) {
    const given = (['AUDIT_STREAM_HEADERS', ...OF_TLS] as const).find((name) => values[name] !== undefined);
    return given && { variable: 'AUDIT_STREAM_URL', problem: `is missing although ${given} is set` };
  }
  const ofTls = OF_TLS.find((name) => values[name] !== undefined);
  if (ofTls && !url.startsWith('https:')) {
    return { variable: 'AUDIT_STREAM_URL', problem: `must begin with https: because ${ofTls} is set` };
  }
  return tlsPairProblem(values, 'AUDIT_STREAM_CERTIFICATE', 'AUDIT_STREAM_KEY');
}
