import type { FailureReason } from '../../domain/failure.ts';
import type { EntraSettings } from './entra-settings.ts';

/** Findings of a check of the global properties, as a closed list. */
export const settingsFindingCodes = [
  'settings-work',
  'tenant-id-missing',
  'client-id-missing',
  'client-secret-missing',
  'tenant-id-malformed',
  'tenant-id-shared',
  'client-id-malformed',
  'ids-equal',
  'secret-looks-like-id',
  'tenant-not-found',
  'app-not-found',
  'secret-wrong',
  'secret-expired',
  'client-certificate-missing',
  'client-certificate-refused',
  'client-certificate-expired',
  'app-disabled',
  'resource-disabled',
  'app-misconfigured',
  'server-blocked-by-policy',
  'blocked-by-policy',
  'clock-wrong',
  'foreign-answer',
  'redirected',
  'proxy-refused',
  'proxy-unreachable',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-mismatch',
  'login-throttled',
  'login-unreachable',
  'answer-unknown',
] as const;
export type SettingsFindingCode = (typeof settingsFindingCodes)[number];

export interface SettingsFinding {
  readonly code: SettingsFindingCode;
  readonly severity: 'ok' | 'warning' | 'error';
  /** The property to change; absent when no single one is at fault. */
  readonly field?: Exclude<keyof EntraSettings, 'previousSecret' | 'previousCertificate'>;
  /** The problem, in a sentence for an administrator. */
  readonly message: string;
  /** The remedy, in a sentence. */
  readonly nextStep: string;
  /** Microsoft's own code, for a search or its support. */
  readonly reference?: string | undefined;
  /** The HTTP status of the answer, and Microsoft's id of the request. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  /** With `clock-wrong`: Microsoft's clock minus ours, in seconds. */
  readonly clockSkewSeconds?: number | undefined;
}

type Finding = Pick<SettingsFinding, 'severity' | 'field' | 'message' | 'nextStep'>;

const findings: Readonly<Record<SettingsFindingCode, Finding>> = {
  'settings-work': {
    severity: 'ok',
    message: 'Microsoft accepts the tenant ID, the client ID, and the client secret or certificate.',
    nextStep:
      'Let an administrator of Microsoft 365 approve Mailroom once, by the approval page that the global properties link to; ' +
      'most organisations do not let people approve for themselves. Then add an account.',
  },
  'tenant-id-missing': {
    severity: 'error',
    field: 'tenantId',
    message: 'The tenant ID is missing.',
    nextStep: 'Copy "Directory (tenant) ID" from the overview page of the app registration in Entra.',
  },
  'client-id-missing': {
    severity: 'error',
    field: 'clientId',
    message: 'The client ID is missing.',
    nextStep: 'Copy "Application (client) ID" from the overview page of the app registration in Entra.',
  },
  'client-secret-missing': {
    severity: 'error',
    field: 'clientSecret',
    message: 'The client secret is missing.',
    nextStep: 'Create one in Entra under "Certificates & secrets" of the app registration and copy its value.',
  },
  'tenant-id-malformed': {
    severity: 'error',
    field: 'tenantId',
    message: 'The tenant ID is neither a GUID nor a domain name.',
    nextStep: 'Copy "Directory (tenant) ID" from the overview page of the app registration in Entra.',
  },
  'tenant-id-shared': {
    severity: 'error',
    field: 'tenantId',
    message: '"common", "organizations" and "consumers" stand for many tenants; Mailroom connects to one.',
    nextStep: 'Enter the "Directory (tenant) ID" of your own tenant.',
  },
  'client-id-malformed': {
    severity: 'error',
    field: 'clientId',
    message: 'The client ID is not a GUID.',
    nextStep: 'Copy "Application (client) ID", not the name, from the overview page of the app registration in Entra.',
  },
  'ids-equal': {
    severity: 'warning',
    field: 'clientId',
    message: 'The client ID and the tenant ID are the same.',
    nextStep: 'Check both on the overview page of the app registration in Entra; they differ.',
  },
  'secret-looks-like-id': {
    severity: 'warning',
    field: 'clientSecret',
    message: 'The client secret looks like the ID of a secret and not like its value.',
    nextStep:
      'Under "Certificates & secrets" copy the column "Value". Entra shows it only once: if it is hidden, create a new secret.',
  },
  'tenant-not-found': {
    severity: 'error',
    field: 'tenantId',
    message: 'Microsoft knows no tenant with this ID.',
    nextStep:
      'Compare it with "Directory (tenant) ID" of the app registration: it may have changed places with the client ID. ' +
      'Check that the right cloud is set, too.',
  },
  'app-not-found': {
    severity: 'error',
    field: 'clientId',
    message: 'The tenant has no enabled app with this client ID.',
    nextStep:
      'Compare it with "Application (client) ID", check that the app belongs to this tenant and that sign-in to it is enabled.',
  },
  'secret-wrong': {
    severity: 'error',
    field: 'clientSecret',
    message: 'Microsoft does not accept the client secret.',
    nextStep: 'Under "Certificates & secrets" create a new secret, copy its value (not its ID) and save it here.',
  },
  'secret-expired': {
    severity: 'error',
    field: 'clientSecret',
    message: 'The client secret has expired.',
    nextStep: 'Under "Certificates & secrets" create a new secret, copy its value and save it here.',
  },
  'client-certificate-missing': {
    severity: 'error',
    field: 'certificate',
    message: 'There is no such certificate: it was deleted, or this process has none in its files.',
    nextStep:
      'Choose another one, or give every process MICROSOFT_CERTIFICATE_FILE and MICROSOFT_CERTIFICATE_KEY_FILE.',
  },
  'client-certificate-refused': {
    severity: 'error',
    field: 'certificate',
    message: 'Microsoft does not accept the certificate.',
    nextStep:
      'Under "Certificates & secrets > Certificates" of the app registration upload it, and compare the thumbprints. A new ' +
      'one can take some minutes to work.',
  },
  'client-certificate-expired': {
    severity: 'error',
    field: 'certificate',
    message: 'The certificate is over, or not valid yet.',
    nextStep: 'Make another one, upload it under "Certificates & secrets" of the app registration, and choose it.',
  },
  'app-misconfigured': {
    severity: 'error',
    message: 'The app registration is not set up for what Mailroom asks of it.',
    nextStep: 'Compare its API permissions and its authentication platform ("Web") with the instructions.',
  },
  'app-disabled': {
    severity: 'error',
    field: 'clientId',
    message: 'Sign-in to the app is switched off in Entra.',
    nextStep: 'Under "Enterprise applications > Properties" of the app enable users to sign in.',
  },
  'resource-disabled': {
    severity: 'error',
    message: 'Microsoft Graph is disabled or missing in the tenant, often because a subscription has lapsed.',
    nextStep: 'Check the subscriptions of the tenant, and Microsoft Graph under "Enterprise applications" in Entra.',
  },
  'server-blocked-by-policy': {
    severity: 'error',
    message: "A conditional access policy forbids access from this server's address.",
    nextStep: "Add this server's public address to the named locations of the policy, or exclude the app from it.",
  },
  'blocked-by-policy': {
    severity: 'error',
    message: 'A conditional access policy forbids the app to sign in.',
    nextStep: 'Look for the sign-in under "Sign-in logs > Service principal sign-ins" in Entra: it names the policy.',
  },
  'clock-wrong': {
    severity: 'warning',
    message: "The clock of this server is wrong: Microsoft's tells another time.",
    nextStep: 'Set it, best by NTP: sign-ins fail when it is off by more than five minutes.',
  },
  'foreign-answer': {
    severity: 'error',
    message: 'Not Microsoft answered but something in between, with a web page: a proxy, a firewall or a portal.',
    nextStep: 'Let this server reach login.microsoftonline.com and graph.microsoft.com unchanged.',
  },
  redirected: {
    severity: 'error',
    message: 'Not Microsoft answered but something in between, with a redirect: a proxy or a portal.',
    nextStep: 'Let this server reach login.microsoftonline.com and graph.microsoft.com unchanged.',
  },
  'proxy-refused': {
    severity: 'error',
    message: 'The proxy on the way to Microsoft refuses the connection.',
    nextStep: 'Check HTTPS_PROXY with its user name and password, and what the proxy allows.',
  },
  'proxy-unreachable': {
    severity: 'error',
    message: 'The proxy on the way to Microsoft cannot be reached.',
    nextStep: 'Check HTTPS_PROXY and NO_PROXY, and whether the proxy runs.',
  },
  'certificate-untrusted': {
    severity: 'error',
    message:
      'The certificate that was shown as that of Microsoft is signed by an authority that this server does not know: ' +
      'something inspects the traffic.',
    nextStep:
      'Save the certificate of that authority in a file, and start Mailroom with NODE_EXTRA_CA_CERTS naming it.',
  },
  'certificate-expired': {
    severity: 'error',
    message: 'The certificate that was shown as that of Microsoft is over, or not valid yet.',
    nextStep: "Check this server's clock, and what inspects its traffic (see NODE_EXTRA_CA_CERTS).",
  },
  'certificate-mismatch': {
    severity: 'error',
    message: 'The certificate that was shown as that of Microsoft is for another host.',
    nextStep: "Check this server's DNS, proxy and firewall.",
  },
  'login-throttled': {
    severity: 'warning',
    message: 'Microsoft asked to wait with further attempts, so the check could not be finished.',
    nextStep: 'Check again in a few minutes.',
  },
  'login-unreachable': {
    severity: 'error',
    message: "Microsoft's sign-in service cannot be reached from here, or does not work at the moment.",
    nextStep: 'Check the network, the proxy and the firewall of this server, and then check again.',
  },
  'answer-unknown': {
    severity: 'error',
    message: 'Microsoft refused the values for a reason that Mailroom does not know.',
    nextStep: "Search Microsoft's documentation for the reference, or ask its support.",
  },
};

/** Ids by which Microsoft finds a refusal, where there was one. */
type FindingDetails = Pick<SettingsFinding, 'reference' | 'status' | 'requestId' | 'clockSkewSeconds'>;

export function settingsFinding(code: SettingsFindingCode, details: FindingDetails = {}): SettingsFinding {
  return { code, ...findings[code], ...details };
}

/** The finding of a failure's reason; reasons that Microsoft never gives for settings become `answer-unknown`. */
export function findingOfReason(reason: FailureReason | undefined): SettingsFindingCode {
  switch (reason) {
    case 'tenant-not-found':
    case 'app-not-found':
    case 'secret-wrong':
    case 'secret-expired':
    case 'client-certificate-missing':
    case 'client-certificate-refused':
    case 'client-certificate-expired':
    case 'clock-wrong':
    case 'app-misconfigured':
    case 'app-disabled':
    case 'resource-disabled':
    case 'server-blocked-by-policy':
    case 'blocked-by-policy':
    case 'foreign-answer':
    case 'redirected':
    case 'proxy-refused':
    case 'proxy-unreachable':
    case 'certificate-untrusted':
    case 'certificate-expired':
    case 'certificate-mismatch':
      return reason;
    case 'settings-missing':
      return 'client-secret-missing';
    case 'rate-limited':
      return 'login-throttled';
    case 'network':
    case 'service-down':
      return 'login-unreachable';
    default:
      return 'answer-unknown';
  }
}
