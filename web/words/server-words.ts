type Details = Readonly<Record<string, unknown>>;

/**
 * What the API says in English, in another language: by the names that it gives beside its words. What is not here, as
 * after an update of the API, is shown in English.
 */
export interface ServerWordsOf {
  /** Causes by the reason of a failure, each with its next step. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly events: Readonly<
    Record<string, string | ((details: Details, reasonWords: (reason: string) => string) => string)>
  >;
}

export const serverWordsDe: ServerWordsOf = {
  reasons: {
    'sign-in-expired': 'Die Anmeldung des Kontos ist abgelaufen. Melden Sie sich neu an.',
    'password-changed': 'Das Kennwort des Kontos wurde geändert. Melden Sie sich neu an.',
    'account-disabled':
      'Das Konto ist bei Microsoft deaktiviert. Bitten Sie die Verwaltung von Microsoft 365, es zu aktivieren.',
    'account-not-found': 'Microsoft kennt in dieser Organisation kein solches Konto. Prüfen Sie die Adresse.',
    'consent-needed':
      'Mailroom hat nicht alle Berechtigungen, die es braucht. Beginnen Sie die Anmeldung neu und stimmen Sie zu.',
    'admin-consent-needed':
      'Die Verwaltung von Microsoft 365 muss Mailroom erst genehmigen. Der Link dafür steht in Config > Email.',
    'interaction-required': 'Microsoft möchte, dass sich die Person noch einmal anmeldet.',
    'not-assigned':
      'Das Konto ist bei Microsoft der Anwendung Mailroom nicht zugewiesen. Bitten Sie die Verwaltung von Microsoft 365 darum.',
    'access-denied':
      'Microsoft erlaubt Mailroom nicht, dieses Postfach zu lesen. Fragen Sie die Verwaltung von Microsoft 365, welche Richtlinie es verbietet.',
    'consent-denied': 'Die Berechtigungen wurden abgelehnt; verbunden wurde nichts.',
    'account-locked': 'Das Konto ist bei Microsoft gesperrt, nach zu vielen falschen Kennwörtern.',
    'blocked-by-policy': 'Eine Richtlinie Ihrer Organisation für bedingten Zugriff verbietet diese Anmeldung.',
    'code-expired': 'Die Anmeldung dauerte zu lange oder wurde schon verwendet. Beginnen Sie sie neu.',
    'sign-in-mismatch': 'Die Antwort von Microsoft gehört nicht zur begonnenen Anmeldung. Beginnen Sie sie neu.',
    'wrong-account': 'Es hat sich ein anderes Konto angemeldet als das eingegebene.',
    'wrong-tenant': 'Das angemeldete Konto gehört zu einer anderen Organisation.',
    'not-signed-in': 'Es gibt keine Anmeldung, die Mailroom verwenden könnte. Beginnen Sie eine.',
    'secret-wrong':
      'Microsoft nimmt das Client Secret nicht an. Erzeugen Sie in Entra ein neues und speichern Sie seinen Wert, nicht seine ID.',
    'secret-expired':
      'Das Client Secret ist abgelaufen. Erzeugen Sie in Entra ein neues und speichern Sie seinen Wert.',
    'app-not-found': 'In der Organisation gibt es keine aktive Anwendung mit der Client ID der Einstellungen.',
    'tenant-not-found': 'Microsoft kennt keine Organisation mit der Tenant ID der Einstellungen.',
    'app-misconfigured':
      'Die App-Registrierung ist nicht so eingerichtet, wie Mailroom sie braucht. Vergleichen Sie Berechtigungen und Plattform.',
    'redirect-uri-wrong': 'Der Redirect URI von Mailroom ist in der App-Registrierung nicht eingetragen.',
    'settings-missing': 'Die allgemeinen Einstellungen fehlen noch.',
    'mailbox-not-found': 'Microsoft kennt das Postfach nicht mehr. Prüfen Sie in Microsoft 365, ob es gelöscht wurde.',
    'mailbox-not-enabled': 'Das Konto hat kein Postfach, das Microsoft Graph lesen kann; ihm fehlt wohl die Lizenz.',
    'sync-state-lost': 'Microsoft hat vergessen, was schon gelesen war. Mailroom liest das Postfach neu.',
    'folder-gone': 'Der Posteingang ist nicht zu finden. Sehen Sie in Outlook nach.',
    'quota-exceeded': 'Das Postfach ist voll. Schaffen Sie dort Platz.',
    unreadable: 'Die E-Mail ist nicht lesbar. Öffnen Sie sie in Outlook und versuchen Sie es dann erneut.',
    'too-large': 'Die E-Mail ist zu groß. Öffnen Sie sie in Outlook.',
    'gone-before-read': 'Die E-Mail wurde verschoben oder gelöscht, ehe sie gelesen war. Suchen Sie sie in Outlook.',
    'not-storable': 'Die E-Mail enthält etwas, das sich nicht speichern lässt. Öffnen Sie sie in Outlook.',
    'rate-limited': 'Microsoft hat Mailroom gebeten zu warten. Danach geht es von selbst weiter.',
    'service-down': 'Microsoft antwortet gerade nicht. Mailroom versucht es von selbst wieder.',
    network: 'Microsoft ist nicht erreichbar. Prüfen Sie Netz, Proxy und Firewall dieses Servers.',
    'database-down': 'Die Datenbank von Mailroom antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'temporal-down': 'Der Temporal-Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'no-worker': 'Kein Worker hat rechtzeitig geantwortet; der Auftrag kann noch ausgeführt werden.',
  },
  events: {
    'account.added': ({ backfillDays }) =>
      typeof backfillDays === 'number' && backfillDays > 0
        ? `Hinzugefügt, mit den E-Mails der letzten ${backfillDays} Tage.`
        : 'Hinzugefügt.',
    'account.sign-in-started': 'Eine Anmeldung wurde begonnen.',
    'account.sign-in-expired': 'Niemand hat sich rechtzeitig angemeldet.',
    'account.sign-in-refused': ({ reason }, reasonWords) => `Eine Anmeldung misslang. ${reasonWords(String(reason))}`,
    'account.sign-in-needed': ({ reason }, reasonWords) =>
      reasonWords(String(reason)) || 'Microsoft nimmt die Anmeldung des Kontos nicht mehr an.',
    'account.authenticated': 'Angemeldet: Das Postfach ist verbunden.',
    'account.paused': 'Deaktiviert: E-Mails werden nicht verteilt.',
    'account.resumed': ({ mode }) =>
      mode === 'from-now'
        ? 'Aktiviert: E-Mails werden von jetzt an verteilt.'
        : 'Aktiviert: Was inzwischen kam, wird nachgeholt.',
    'account.resynced': ({ reason }) =>
      reason === 'filter-full'
        ? 'Von vorn gelesen, weil der erste Durchgang an einer Grenze von Microsoft endete.'
        : 'Von vorn gelesen, weil Microsoft vergessen hat, was schon gelesen war. Nichts wird doppelt verteilt.',
    'account.routing-changed': ({ version, rules }) =>
      `Verteilung geändert: Version ${version}, ${rules === 1 ? 'eine Regel' : `${rules} Regeln`}.`,
    'account.quarantine-retried': 'Eine E-Mail in Quarantäne wird noch einmal versucht.',
    'account.removed': 'Entfernt.',
    'item.taken-back': 'Eine E-Mail wurde jemandem wieder abgenommen.',
  },
};
