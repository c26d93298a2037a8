/** The global properties that Entra needs: whose directory, which app registration, and its secret's value. */
export interface EntraSettings {
  /** A GUID or a verified domain of the tenant. */
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
