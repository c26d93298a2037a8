/** The global properties for Entra: the tenant, the app registration, and the value of its secret. */
export interface EntraSettings {
  /** A GUID or a verified domain of the tenant. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The secret before it, which Entra may still accept. */
  readonly previousSecret?: string | undefined;
}
