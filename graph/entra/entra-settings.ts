import type { ClientCertificate } from '../../encryption/client-certificate.ts';

/** The global properties for Entra: the tenant, the app registration, and how Mailroom proves that it is this app. */
export interface EntraSettings {
  /** A GUID or a verified domain of the tenant. */
  readonly tenantId: string;
  readonly clientId: string;
  /** The value of the secret; empty where a certificate takes its place. */
  readonly clientSecret: string;
  /** Instead of the secret. */
  readonly certificate?: ClientCertificate | undefined;
  /** The secret or the certificate before, which Entra may still accept. */
  readonly previousSecret?: string | undefined;
  readonly previousCertificate?: ClientCertificate | undefined;
}
