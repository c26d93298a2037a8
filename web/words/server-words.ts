import { type FindingWords, findingWordsDe } from './finding-words.ts';
import { type ProblemWords, problemWordsDe } from './problem-words.ts';

type Details = Readonly<Record<string, unknown>>;

/**
 * What the API says in English, in another language: by the names that it gives beside its words. What is not here, as
 * after an update of the API, is shown in English.
 */
export interface ServerWordsOf extends ProblemWords {
  /** Causes by the reason of a failure, each with its next step. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly events: Readonly<
    Record<string, string | ((details: Details, reasonWords: (reason: string) => string) => string)>
  >;
  /** How new mail is found, by the reason of the delivery. */
  readonly delivery: Readonly<Record<string, string>>;
  /** What became of messages that had been missing, by their outcome; `captured-later`: out of the quarantine. */
  readonly differences: Readonly<Record<string, string>>;
  /** What a check of the global properties found, by its code. */
  readonly findings: Readonly<Record<string, FindingWords>>;
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
      'Die Verwaltung von Microsoft 365 muss Mailroom erst genehmigen. Der Link dafür steht unter Konfiguration > E-Mail.',
    'interaction-required': 'Microsoft möchte, dass sich die Person noch einmal anmeldet. Melden Sie sich neu an.',
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
    'mailbox-access-denied':
      'Wer sich angemeldet hat, darf dieses Postfach nicht lesen. Bitten Sie die Verwaltung von Microsoft 365 um Vollzugriff (Lesen und Verwalten); es kann eine Stunde dauern, bis er gilt. Melden Sie sich dann neu an.',
    'not-signed-in': 'Es gibt keine Anmeldung, die Mailroom verwenden könnte. Beginnen Sie eine.',
    'secret-wrong':
      'Microsoft nimmt den geheimen Clientschlüssel nicht an. Erzeugen Sie in Entra einen neuen und speichern Sie seinen Wert, nicht seine ID.',
    'secret-expired':
      'Der geheime Clientschlüssel ist abgelaufen. Erzeugen Sie in Entra einen neuen und speichern Sie seinen Wert.',
    'app-not-found': 'In der Organisation gibt es keine aktive Anwendung mit der Client-ID der Einstellungen.',
    'tenant-not-found': 'Microsoft kennt keine Organisation mit der Mandanten-ID der Einstellungen.',
    'app-misconfigured':
      'Die App-Registrierung ist nicht so eingerichtet, wie Mailroom sie braucht. Vergleichen Sie Berechtigungen und Plattform.',
    'redirect-uri-wrong': 'Die Umleitungs-URI von Mailroom ist in der App-Registrierung nicht eingetragen.',
    'settings-missing': 'Die allgemeinen Einstellungen fehlen noch.',
    'mailbox-not-found':
      'Microsoft kennt das Postfach nicht mehr. Prüfen Sie in Microsoft 365, ob es gelöscht wurde; entfernen Sie in diesem Fall das Konto hier.',
    'mailbox-not-enabled':
      'Das Konto hat kein Postfach, das Microsoft Graph lesen kann. Geben Sie ihm eine Lizenz für Exchange Online, oder entfernen Sie das Konto hier.',
    'sync-state-lost': 'Microsoft hat vergessen, was schon gelesen war. Mailroom liest das Postfach neu.',
    'folder-gone': 'Der Posteingang ist nicht zu finden. Sehen Sie in Outlook nach.',
    'quota-exceeded':
      'Das Postfach ist voll, deshalb sagt Microsoft nicht mehr, was darin neu ist; Mailroom findet neue E-Mails stattdessen in der Liste. Schaffen Sie im Postfach Platz.',
    unreadable: 'Die E-Mail ist nicht lesbar. Öffnen Sie sie in Outlook und versuchen Sie es dann erneut.',
    'too-large': 'Die E-Mail ist zu groß. Öffnen Sie sie in Outlook.',
    'gone-before-read': 'Die E-Mail wurde verschoben oder gelöscht, ehe sie gelesen war. Suchen Sie sie in Outlook.',
    'not-storable': 'Die E-Mail enthält etwas, das sich nicht speichern lässt. Öffnen Sie sie in Outlook.',
    'endpoint-not-reached':
      'Microsoft erreicht die Adresse nicht, an die es neue E-Mails melden soll. Prüfen Sie von außen, ob PUBLIC_URL (oder NOTIFICATION_URL) über https antwortet.',
    'subscription-refused':
      'Microsoft meldet für dieses Postfach keine neuen E-Mails. Es wird abgefragt; zu tun ist nichts.',
    'rate-limited': 'Microsoft hat Mailroom gebeten zu warten. Danach geht es von selbst weiter.',
    'budget-used-up':
      'Mailroom hat für dieses Postfach so viele Anfragen gestellt, wie Microsoft in einer Zeit erlaubt. Danach geht es von selbst weiter.',
    'mailbox-held': 'Ein anderer Worker liest dieses Postfach noch. Es wird von selbst übernommen.',
    'service-down': 'Microsoft antwortet gerade nicht. Mailroom versucht es von selbst wieder.',
    network: 'Microsoft ist nicht erreichbar. Prüfen Sie Netz, Proxy und Firewall dieses Servers.',
    'database-down': 'Die Datenbank von Mailroom antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'temporal-down': 'Der Temporal-Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
    'key-missing':
      'Ein gespeichertes Geheimnis lässt sich mit den Schlüsseln dieser Installation nicht entschlüsseln. Tragen Sie den Schlüssel wieder in ENCRYPTION_KEYS ein, hinter dem neuesten. Ist er verloren: Speichern Sie die allgemeinen Einstellungen neu, und melden Sie die Konten neu an.',
    'no-worker':
      'Kein Worker hat rechtzeitig geantwortet; der Auftrag kann noch ausgeführt werden. Sehen Sie das Konto gleich noch einmal an, und prüfen Sie, ob ein Worker läuft.',
    'workflow-stuck':
      'Der Workflow dieses Kontos kommt mit den laufenden Workern nicht weiter; geändert wurde nichts. Während eine neue Version eingespielt wird: Versuchen Sie es gleich noch einmal. Bleibt es so: Suchen Sie in Temporal nach WorkflowTaskFailed, und lesen Sie „Stopping and updating“ in docs/operations.md.',
  },
  events: {
    'account.added': ({ backfillDays, mailbox }) => {
      const added = mailbox === 'shared' ? 'Als freigegebenes Postfach hinzugefügt' : 'Hinzugefügt';
      if (typeof backfillDays !== 'number' || backfillDays === 0) return `${added}.`;
      return `${added}, mit den E-Mails ${backfillDays === 1 ? 'des letzten Tages' : `der letzten ${backfillDays} Tage`}.`;
    },
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
    'account.push-started': 'Microsoft meldet von nun an neue E-Mails.',
    'account.push-failed': ({ reason }, reasonWords) =>
      `Microsoft meldet keine neuen E-Mails, deshalb wird das Postfach abgefragt. ${reasonWords(String(reason))}`.trim(),
    'account.rest-changed': ({ restsWhenQuiet }) =>
      restsWhenQuiet
        ? 'Wird seltener abgefragt, solange keine E-Mails kommen.'
        : 'Wird gleich oft abgefragt, auch wenn keine E-Mails kommen.',
    'account.mailbox-full':
      'Das Postfach ist voll: Microsoft sagt nicht mehr, was darin neu ist; Mailroom sucht neue E-Mails in der Liste.',
    'account.mailbox-has-room': 'Das Postfach hat wieder Platz: Microsoft sagt, was darin neu ist.',
    'account.comparison-requested': 'Ein Vergleich von Postfach und Mailroom wurde verlangt.',
    'account.differences-found': (details) => `Das Postfach wurde mit Mailroom verglichen. ${missingWords(details)}`,
    'account.routing-changed': ({ version, rules }) =>
      `Verteilung geändert: Version ${version}, ${rules === 1 ? 'eine Regel' : `${rules} Regeln`}.`,
    'account.quarantine-retried': 'Eine E-Mail in Quarantäne wird noch einmal versucht.',
    'account.removed': 'Entfernt.',
    'item.taken-back': 'Eine E-Mail wurde jemandem wieder abgenommen.',
  },
  delivery: {
    subscribed: 'Microsoft meldet Mailroom neue E-Mails.',
    'not-connected': 'Es hat sich noch niemand angemeldet, deshalb wird nichts gelesen.',
    paused: 'Das Konto ist deaktiviert, deshalb wird nichts gelesen.',
    'shared-mailbox': 'Für freigegebene Postfächer meldet Microsoft keine neuen E-Mails.',
    'no-public-address':
      'Microsoft erreicht diese Installation nicht. Setzen Sie PUBLIC_URL auf eine Adresse mit https.',
    starting: 'Bis Microsoft die Meldungen eingerichtet hat.',
    'endpoint-not-reached':
      'Microsoft erreicht die Adresse nicht, an die es neue E-Mails melden soll. Prüfen Sie sie von außen.',
    'subscription-refused':
      'Microsoft meldet für dieses Postfach keine neuen E-Mails. Später wird noch einmal gefragt.',
    failed: 'Die Meldungen ließen sich nicht einrichten. Es wird wieder versucht.',
  },
  differences: {
    captured: 'Fehlte, und ist jetzt erfasst.',
    quarantined: 'Fehlte, und ließ sich nicht erfassen.',
    gone: 'Fehlte, und verließ das Postfach, ehe sie zu lesen war.',
    'captured-later': 'Fehlte, und wurde später erfasst.',
  },
  findings: findingWordsDe,
  ...problemWordsDe,
};

/** What became of messages that a comparison found missing. */
function missingWords({ captured, quarantined, gone }: Details): string {
  const said = (count: unknown, what: (missed: string, one: boolean) => string) =>
    typeof count === 'number' && count > 0
      ? [what(count === 1 ? 'Eine E-Mail fehlte' : `${count.toLocaleString('de')} E-Mails fehlten`, count === 1)]
      : [];
  return [
    ...said(captured, (missed, one) => `${missed} und ${one ? 'ist' : 'sind'} jetzt erfasst.`),
    ...said(quarantined, (missed, one) => `${missed} und ${one ? 'ist' : 'sind'} in Quarantäne.`),
    ...said(
      gone,
      (missed, one) => `${missed} und ${one ? 'war' : 'waren'} fort, ehe sie zu lesen ${one ? 'war' : 'waren'}.`,
    ),
  ].join(' ');
}
