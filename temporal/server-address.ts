import type { TLSConfig } from '@temporalio/client';

/** Address of Temporal, and how to connect to it. */
export interface TemporalServer {
  /** Host and port. */
  readonly address: string;
  /** Undefined: a plain connection. */
  readonly tls?:
    | {
        readonly ca: string | undefined;
        readonly client: { readonly certificate: string; readonly key: string } | undefined;
        readonly serverName: string | undefined;
      }
    | undefined;
  readonly apiKey?: string | undefined;
}

/** Connection options, the same for clients and for the native connection of workers. */
export function connectionOptions({ address, tls, apiKey }: TemporalServer): ConnectionOptions {
  return {
    address,
    ...(tls && { tls: tlsOptions(tls) }),
    ...(apiKey !== undefined && { apiKey }),
  };
}

interface ConnectionOptions {
  readonly address: string;
  readonly tls?: TLSConfig;
  readonly apiKey?: string;
}

function tlsOptions({ ca, client, serverName }: NonNullable<TemporalServer['tls']>): TLSConfig {
  return {
    ...(ca !== undefined && { serverRootCACertificate: Buffer.from(ca) }),
    ...(client && { clientCertPair: { crt: Buffer.from(client.certificate), key: Buffer.from(client.key) } }),
    ...(serverName !== undefined && { serverNameOverride: serverName }),
  };
}
