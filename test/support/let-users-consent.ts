import { DEFAULT_TENANT_ID, MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';

/**
 * Takes back what an administrator of Contoso consented to, and lets everybody consent for themselves, as tenants did
 * before Microsoft managed the policy: so that the page that asks for consent is seen.
 */
export async function letUsersConsent(simulatorUrl: string): Promise<void> {
  await control(simulatorUrl, 'POST', '/tenants', { tenantId: DEFAULT_TENANT_ID, consentPolicy: 'users' });
  await control(simulatorUrl, 'DELETE', `/apps/${MAILROOM_CLIENT_ID}/consents`);
}

async function control(simulatorUrl: string, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${simulatorUrl}/control${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}
