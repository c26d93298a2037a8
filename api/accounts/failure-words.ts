import type { FailureReason, FailureType } from '../../domain/failure.ts';

/** The cause and the next step: one sentence each. */
export interface FailureWords {
  readonly cause: string;
  readonly nextStep: string;
}

const byReason: Readonly<Record<FailureReason, FailureWords>> = {
  'sign-in-expired': words('The sign-in of the account has expired.', 'Sign in again.'),
  'password-changed': words('The password of the account was changed, or its sign-ins were revoked.', 'Sign in again.'),
  'account-disabled': words(
    'The account is disabled at Microsoft.',
    'Ask an administrator of Microsoft 365 to enable it, then sign in again.',
  ),
  'account-not-found': words(
    'Microsoft knows no such account in this tenant.',
    'Check the address, then sign in with an account of your organisation.',
  ),
  'consent-needed': words(
    'Mailroom was not granted all permissions that it needs.',
    'Start the sign-in again and approve the request.',
  ),
  'admin-consent-needed': words(
    'An administrator of Microsoft 365 has to approve Mailroom first.',
    'Ask one to open the admin consent link from Config > Email, then start the sign-in again.',
  ),
  'interaction-required': words('Microsoft requires a new sign-in.', 'Sign in again.'),
  'not-assigned': words(
    'The account is not assigned to the application Mailroom at Microsoft.',
    'Ask an administrator of Microsoft 365 to assign it, then start the sign-in again.',
  ),
  'token-refused': words(
    'Microsoft Graph refuses the access of this account, although Microsoft has just signed it in.',
    'Mailroom retries automatically, at growing intervals.',
  ),
  'outside-application-scope': words(
    'Exchange does not allow the application to read this mailbox.',
    'Ask an Exchange administrator to add it to the management scope of the application, or to assign the role Application ' +
      'Mail.Read there. A change takes effect within two hours; Mailroom notices it automatically.',
  ),
  'application-access-off': words(
    'Application access is switched off.',
    'Switch it on under Config > Email, or sign in to the account.',
  ),
  'application-not-proved': words(
    'It is not proved that the application can read no other mailbox, so its access is not used.',
    'Limit the application in Exchange, then check it under Config > Email. Reading continues where it stopped.',
  ),
  'access-denied': words(
    'Microsoft does not allow Mailroom to read this mailbox.',
    'Ask an administrator of Microsoft 365 which policy forbids it. Mailroom retries automatically.',
  ),
  'consent-denied': words(
    'The request for permissions was declined, so nothing was connected.',
    'Start the sign-in again and choose Accept.',
  ),
  'account-locked': words(
    'The account is locked at Microsoft, after too many wrong passwords.',
    'Wait until it is unlocked, then sign in again.',
  ),
  'blocked-by-policy': words(
    'A conditional access policy of your organisation forbids this sign-in.',
    'Ask an administrator of Microsoft 365 to allow it. Signing in again does not help before that.',
  ),
  'device-required': words(
    'A policy of your organisation requires a managed device or an approved app for this sign-in. Mailroom is neither.',
    'Ask an administrator of Microsoft 365 to exclude Mailroom from that policy, then sign in again.',
  ),
  'risk-blocked': words(
    'Microsoft reports this account as at risk, and a policy of your organisation blocks it.',
    'Ask an administrator of Microsoft 365 to review the risky users in Entra, then sign in again.',
  ),
  'external-challenge': words(
    'A policy of your organisation requires a check by another service, which was not passed.',
    'Sign in again and complete the check. If none is offered, ask an administrator of Microsoft 365 about the policy.',
  ),
  'mfa-needed': words(
    'Microsoft asks for a second proof of identity (multi-factor authentication).',
    'Sign in again and give it.',
  ),
  'sign-in-frequency': words(
    'A policy of your organisation ends every sign-in after a set time (sign-in frequency), so this recurs, often every day.',
    'Sign in again. To stop it recurring, ask an administrator of Microsoft 365 to exclude Mailroom from that policy.',
  ),
  'server-blocked-by-policy': words(
    "A conditional access policy of your organisation forbids access from this server's address. The sign-in in the " +
      'browser succeeded; Microsoft judged the address of this server.',
    "Ask an administrator of Microsoft 365 to add this server's public address to the named locations of the policy, " +
      'then sign in again.',
  ),
  'clock-wrong': words(
    "The clock of this server differs from Microsoft's.",
    'Synchronise it, for example by NTP, then sign in again.',
  ),
  'code-expired': words('The sign-in took too long or was used before.', 'Start it again.'),
  'sign-in-mismatch': words(
    'The answer from Microsoft does not belong to the sign-in that was started.',
    'Start the sign-in again, in one browser tab.',
  ),
  'wrong-account': words(
    'A different account signed in than the one that was entered.',
    'Start the sign-in again and choose the account that was entered.',
  ),
  'mailbox-connected': words(
    'Another account reads this mailbox already, under another of its addresses.',
    'Use that account. To use the new address, sign in to that account again with it.',
  ),
  'address-not-allowed': words(
    'Mailboxes of this address may not be connected: an administrator of Mailroom has limited them.',
    'Ask an administrator of Mailroom to allow the address under Config > Email > Settings.',
  ),
  'other-mailbox': words(
    'The address belongs to a different mailbox than the account.',
    'Add that mailbox as an account of its own.',
  ),
  'wrong-tenant': words(
    'The account that signed in belongs to another organisation.',
    'Start the sign-in again with an account of the tenant in Config > Email.',
  ),
  'mailbox-access-denied': words(
    'The person who signed in has no access to this shared mailbox.',
    'Ask an administrator of Microsoft 365 for full access (read and manage), which can take an hour to take effect. ' +
      'Mailroom notices it automatically; signing in again is faster.',
  ),
  'not-signed-in': words('There is no sign-in that this installation could use.', 'Start the sign-in.'),
  'secret-wrong': words(
    'Microsoft does not accept the client secret.',
    'Create a new client secret in Entra and save its value (not its ID) in Config > Email.',
  ),
  'secret-expired': words(
    'The client secret has expired.',
    'Create a new client secret in Entra and save its value in Config > Email.',
  ),
  'client-certificate-missing': words(
    'Mailroom is to sign in to Microsoft by the certificate of its files, and this process has none.',
    'Give every process MICROSOFT_CERTIFICATE_FILE and MICROSOFT_CERTIFICATE_KEY_FILE, or choose another way in Config > Email.',
  ),
  'client-certificate-refused': words(
    'Microsoft does not accept the certificate of Mailroom.',
    'Upload it in Entra under Certificates & secrets of the app registration, and compare the thumbprints.',
  ),
  'client-certificate-expired': words(
    'The certificate of Mailroom is over, or not valid yet.',
    'Make another one in Config > Email, upload it in Entra, and choose it.',
  ),
  'app-not-found': words(
    'The tenant has no enabled application with the client ID of the settings.',
    'Correct the client ID or the tenant ID in Config > Email.',
  ),
  'app-disabled': words(
    'Sign-in to the application is switched off in Entra.',
    'Open it in Entra under Enterprise applications > Properties and enable users to sign in.',
  ),
  'resource-disabled': words(
    'Microsoft Graph is disabled or missing in the tenant: its service principal is switched off, often because a ' +
      'subscription has lapsed.',
    'Ask an administrator of Microsoft 365 to check the subscriptions, and Microsoft Graph under Enterprise applications in Entra.',
  ),
  'tenant-not-found': words(
    'Microsoft knows no tenant with the tenant ID of the settings.',
    'Correct the tenant ID in Config > Email.',
  ),
  'app-misconfigured': words(
    'The app registration is not set up for what Mailroom needs.',
    'Compare its API permissions and its platform (Web) with the instructions, then check the settings.',
  ),
  'redirect-uri-wrong': words(
    'The redirect URI of Mailroom is not registered with the app registration.',
    'Register the redirect URI that Config > Email shows, for the platform Web.',
  ),
  'settings-missing': words(
    'The global properties are not entered yet.',
    'Enter tenant ID, client ID and client secret in Config > Email.',
  ),
  'mailbox-not-found': words(
    'Microsoft does not find the mailbox.',
    'Check its address, and in Microsoft 365 whether it was deleted. While a mailbox is being moved, this resolves itself.',
  ),
  'mailbox-not-enabled': words(
    'The account has no mailbox that Microsoft Graph can read.',
    'If the address is a distribution list, use a mailbox that receives it. If it is a mailbox, give it an Exchange ' +
      'Online licence; one on a server of your own cannot be read. While a mailbox is being moved, this resolves itself.',
  ),
  'group-not-mailbox': words(
    'The address is that of a Microsoft 365 group, which has no mailbox that Mailroom can read.',
    'Use a shared mailbox, and let the group forward to it.',
  ),
  'name-unknown': words(
    'Microsoft Graph knows no mailbox by this address. It goes by the user name (UPN), and not by aliases.',
    'Use the user name that Microsoft 365 shows for the mailbox under Users > Active users, or check whether it was ' +
      'renamed or deleted.',
  ),
  'sync-state-lost': words(
    'Microsoft no longer knows what was already read.',
    'Nothing needs to be done: Mailroom reads the mailbox again and recognises what it has.',
  ),
  'folder-gone': words('The inbox of the mailbox cannot be found.', 'Check the mailbox in Outlook.'),
  'quota-exceeded': words(
    'The mailbox is full, so Microsoft no longer reports its changes. Mailroom finds new mail by listing the inbox.',
    'Make room in the mailbox.',
  ),
  'delta-refused': words(
    'Microsoft does not report changes of this mailbox. Mailroom finds new mail by listing the inbox.',
    'Mailroom retries delta at growing intervals. If this lasts for days, give the code to Microsoft support.',
  ),
  'delta-failed': words(
    'A page of changes of this mailbox cannot be read. Mailroom finds new mail by listing the inbox.',
    'Mailroom retries delta at growing intervals. Check whether a message is in quarantine.',
  ),
  'walk-endless': words(
    'Microsoft returned pages of changes without an end. Mailroom finds new mail by listing the inbox.',
    'Mailroom retries delta at growing intervals.',
  ),
  'delta-silent': words(
    'Microsoft did not report mail that is in the mailbox. Mailroom finds new mail by listing the inbox.',
    'Mailroom retries delta at growing intervals.',
  ),
  'delta-not-offered': words(
    'This Microsoft cloud does not report changes of mailboxes. Mailroom finds new mail by listing the inbox.',
    'Nothing needs to be done.',
  ),
  unreadable: words('The message cannot be read.', 'Open it in Outlook, then retry.'),
  'too-large': words('The message is too large.', 'Open it in Outlook.'),
  'gone-before-read': words('The message was moved or deleted before it could be read.', 'Look for it in Outlook.'),
  'not-storable': words('The message holds something that cannot be stored.', 'Open it in Outlook, then retry.'),
  'endpoint-not-reached': words(
    'Microsoft cannot reach the notification address of Mailroom.',
    'Check from outside that PUBLIC_URL (or NOTIFICATION_URL) answers over https.',
  ),
  'subscription-refused': words(
    'Microsoft refused to send notifications for this mailbox.',
    'Nothing needs to be done: the mailbox is polled, and Mailroom retries later.',
  ),
  'rate-limited': words(
    'Microsoft asked Mailroom to wait.',
    'Nothing needs to be done: Mailroom continues automatically.',
  ),
  'budget-used-up': words(
    'Mailroom has sent this mailbox as many requests as Microsoft allows in a period.',
    'Nothing needs to be done: Mailroom continues automatically.',
  ),
  'mailbox-held': words(
    'Another worker is still reading this mailbox.',
    'Nothing needs to be done: it is taken over automatically.',
  ),
  'service-down': words(
    'Microsoft does not answer at the moment.',
    'Nothing needs to be done: Mailroom retries automatically.',
  ),
  'answer-unknown': words(
    'Microsoft returned an answer that Mailroom does not recognise.',
    'Mailroom retries automatically. If this persists, search for the code, or give the trace id to Microsoft support.',
  ),
  'foreign-answer': words(
    'Something between Mailroom and Microsoft answered with a web page: a proxy, a firewall or a portal.',
    'Let this server reach graph.microsoft.com and login.microsoftonline.com unchanged. Mailroom retries automatically.',
  ),
  redirected: words(
    'Something between Mailroom and Microsoft answered with a redirect, which Microsoft does not: a proxy or a portal.',
    'Let this server reach graph.microsoft.com and login.microsoftonline.com unchanged. Mailroom retries automatically.',
  ),
  'page-without-link': words(
    'Microsoft gave a page of messages that does not say where the next one is.',
    'Mailroom retries automatically. If this persists, give the trace id to Microsoft support.',
  ),
  network: words('Microsoft cannot be reached.', "Check this server's network, proxy and firewall."),
  'proxy-refused': words(
    'The proxy between Mailroom and Microsoft refuses the connection.',
    'Check HTTPS_PROXY with its user name and password, and what the proxy allows. Mailroom retries automatically.',
  ),
  'proxy-unreachable': words(
    'The proxy between Mailroom and Microsoft cannot be reached.',
    'Check HTTPS_PROXY and NO_PROXY, and whether the proxy runs. Mailroom retries automatically.',
  ),
  'certificate-untrusted': words(
    'The certificate presented as Microsoft’s is signed by an authority that this server does not trust: ' +
      'traffic is being inspected.',
    'Save the certificate of that authority in a file, and start Mailroom with NODE_EXTRA_CA_CERTS naming it.',
  ),
  'certificate-expired': words(
    'The certificate presented as Microsoft’s has expired or is not valid yet.',
    "Check this server's clock, and what inspects its traffic (see NODE_EXTRA_CA_CERTS).",
  ),
  'certificate-mismatch': words(
    'The certificate presented as Microsoft’s is for another host: something else answers in its place.',
    "Check this server's DNS, proxy and firewall.",
  ),
  'database-down': words(
    'The database of Mailroom does not answer.',
    'Try again in a moment. If this persists, check /readyz and at PostgreSQL.',
  ),
  'database-busy': words(
    'The database of Mailroom accepts no more connections or is too busy.',
    'Try again in a moment. If this persists, compare max_connections of PostgreSQL with DATABASE_POOL_SIZE of all processes.',
  ),
  'database-full': words(
    'The disk of Mailroom’s database is full.',
    'Free space on the disk of PostgreSQL; Mailroom then continues automatically.',
  ),
  'database-read-only': words(
    'The database of Mailroom can only be read at the moment.',
    'Check whether DATABASE_URL leads to a standby, or default_transaction_read_only is set; once it accepts writes, Mailroom continues automatically.',
  ),
  'database-refuses': words(
    'The database of Mailroom refuses its user.',
    'Check user, password and database in DATABASE_URL, and the rights of that user on every table.',
  ),
  'schema-outdated': words(
    'The tables of the database are older than this release of Mailroom.',
    'Bring them up to date: node database/migrate.ts.',
  ),
  'temporal-down': words(
    'The Temporal server does not answer.',
    'Try again in a moment. If this persists, check /readyz and at the Temporal server.',
  ),
  'key-missing': words(
    'A stored secret cannot be decrypted with the keys of this installation.',
    'Put the key that encrypted it back into ENCRYPTION_KEYS, behind the newest one. If it is lost: save the global properties again, and sign in to the accounts again.',
  ),
  'key-wrong': words(
    'A key of ENCRYPTION_KEYS is not the one that encrypted what the database holds.',
    'Put that key back; if it is lost, give the new key another id and put it in front.',
  ),
  'no-worker': words(
    'No worker answered in time; the command may still be carried out.',
    'Look at the account again in a moment, and check that a worker is running.',
  ),
  'workflow-stuck': words(
    'The workflow of this account is stuck with the running workers.',
    'During a roll-out, try again in a moment. If this persists, look for WorkflowTaskFailed in Temporal, and at "Stopping and updating" in docs/operations.md.',
  ),
  'workflow-ended': words(
    'The workflow of this account was ended from outside before it answered; the command may have been carried out.',
    'Look at the account again in a moment, and repeat the command if it is needed.',
  ),
  'namespace-missing': words(
    "Temporal does not have Mailroom's namespace.",
    'Create it with temporal operator namespace create, or correct TEMPORAL_NAMESPACE.',
  ),
};

const byType: Readonly<Record<FailureType, FailureWords>> = {
  Throttled: byReason['rate-limited'],
  Unavailable: words(
    'A service that Mailroom needs does not answer.',
    'Try again in a moment. If this persists, check /readyz.',
  ),
  CredentialRejected: words('Microsoft does not accept the sign-in of the account.', 'Sign in again.'),
  AccessRefused: byReason['token-refused'],
  SettingsRejected: words('Microsoft does not accept the global properties.', 'Check them in Config > Email.'),
  MailboxGone: words('The mailbox cannot be found at Microsoft.', 'Check it in Microsoft 365.'),
  CursorExpired: byReason['sync-state-lost'],
  MessageRejected: words('The message could not be captured.', 'Open it in Outlook, then retry.'),
  SubscriptionRefused: byReason['subscription-refused'],
  InvalidTransition: words('The account is in a state that forbids this.', 'Reload the account.'),
};

/** The words for a failure: by its reason if it has one, else by its type. */
export function failureWords(type: FailureType, reason?: FailureReason | undefined): FailureWords {
  return reason === undefined ? byType[type] : byReason[reason];
}

/** The words for a stored failure. A type or reason of another release falls back to the words of the type. */
export function storedFailureWords(type: string, reason: string | null): FailureWords {
  if (reason !== null && Object.hasOwn(byReason, reason)) return byReason[reason as FailureReason];
  if (Object.hasOwn(byType, type)) return byType[type as FailureType];
  return words('Something went wrong.', 'Check the log.');
}

function words(cause: string, nextStep: string): FailureWords {
  return { cause, nextStep };
}
