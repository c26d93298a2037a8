import { tlsPairProblem, type VariableProblem } from './certificate-pair.ts';

/** The parts of Temporal's TLS. All but `key` are public. */
export interface TemporalTls {
  /** PEM of the trusted authorities; undefined: the well-known ones. */
  readonly ca: string | undefined;
  /** PEM of the client certificate and its key. */
  readonly client: { readonly certificate: string; readonly key: string } | undefined;
  /** Undefined: the host of the address. */
  readonly serverName: string | undefined;
}

/** Temporal's TLS variables, as far as they are valid. */
export interface TemporalTlsVariables {
  readonly TEMPORAL_TLS?: 'true' | 'false' | undefined;
  readonly TEMPORAL_TLS_CA?: string | undefined;
  readonly TEMPORAL_TLS_CERTIFICATE?: string | undefined;
  readonly TEMPORAL_TLS_KEY?: string | undefined;
  readonly TEMPORAL_TLS_SERVER_NAME?: string | undefined;
  readonly TEMPORAL_API_KEY?: string | undefined;
}

const implying = [
  'TEMPORAL_TLS_CA',
  'TEMPORAL_TLS_CERTIFICATE',
  'TEMPORAL_TLS_KEY',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_API_KEY',
] as const;

/** TLS where it is requested or follows from another variable; undefined: a plain connection. */
export function temporalTls(values: TemporalTlsVariables): TemporalTls | undefined {
  const isWanted = values.TEMPORAL_TLS === 'true' || implying.some((name) => values[name] !== undefined);
  if (!isWanted) return undefined;
  const { TEMPORAL_TLS_CERTIFICATE: certificate, TEMPORAL_TLS_KEY: key } = values;
  return {
    ca: values.TEMPORAL_TLS_CA,
    client: certificate === undefined || key === undefined ? undefined : { certificate, key },
    serverName: values.TEMPORAL_TLS_SERVER_NAME,
  };
}

/** Problems of these variables in combination. */
export function temporalTlsProblem(
  values: TemporalTlsVariables,
): VariableProblem<keyof TemporalTlsVariables> | undefined {
  const given = implying.find((name) => values[name] !== undefined);
  if (values.TEMPORAL_TLS === 'false' && given !== undefined) {
    return { variable: 'TEMPORAL_TLS', problem: `is "false" although ${given} is set, which needs TLS` };
  }
  return tlsPairProblem(values, 'TEMPORAL_TLS_CERTIFICATE', 'TEMPORAL_TLS_KEY');
}
