import type { FailureReason } from '../failure.ts';

/** Causes by the reason of a failure, each with its next step, in German. */
export const failureWordsDe: Readonly<Record<FailureReason, string>> = {
  'sign-in-expired': 'Die Anmeldung des Kontos ist abgelaufen. Melden Sie sich neu an.',
  'password-changed':
    'Das Kennwort des Kontos wurde geändert, oder seine Anmeldungen wurden widerrufen. Melden Sie sich neu an.',
  'account-disabled':
    'Das Konto ist bei Microsoft deaktiviert. Bitten Sie einen Administrator von Microsoft 365, es zu aktivieren.',
  'account-not-found': 'Microsoft kennt in dieser Organisation kein solches Konto. Prüfen Sie die Adresse.',
  'consent-needed':
    'Mailroom hat nicht alle Berechtigungen, die es braucht. Beginnen Sie die Anmeldung neu und stimmen Sie zu.',
  'admin-consent-needed':
    'Ein Administrator von Microsoft 365 muss Mailroom erst genehmigen. Der Link dafür steht unter Konfiguration > E-Mail.',
  'interaction-required': 'Microsoft verlangt eine neue Anmeldung. Melden Sie sich neu an.',
  'not-assigned':
    'Das Konto ist bei Microsoft der Anwendung Mailroom nicht zugewiesen. Bitten Sie einen Administrator von Microsoft 365 darum.',
  'token-refused':
    'Microsoft Graph verweigert diesem Konto den Zugriff, obwohl Microsoft es gerade angemeldet hat. Mailroom versucht es in wachsenden Abständen erneut.',
  'outside-application-scope':
    'Exchange erlaubt der Anwendung nicht, dieses Postfach zu lesen. Bitten Sie einen Exchange-Administrator, es in den Verwaltungsbereich der Anwendung aufzunehmen oder ihr dort die Rolle Application Mail.Read zuzuweisen. Eine Änderung gilt nach spätestens zwei Stunden; Mailroom merkt es von selbst.',
  'application-access-off':
    'Der Anwendungszugriff ist ausgeschaltet. Schalten Sie ihn unter Konfiguration > E-Mail ein, oder melden Sie sich für das Konto an.',
  'application-not-proved':
    'Es ist nicht nachgewiesen, dass die Anwendung kein anderes Postfach lesen kann; deshalb wird ihr Zugriff nicht verwendet. Begrenzen Sie die Anwendung in Exchange und prüfen Sie sie unter Konfiguration > E-Mail. Das Lesen geht dort weiter, wo es aufgehört hat.',
  'access-denied':
    'Microsoft erlaubt Mailroom nicht, dieses Postfach zu lesen. Fragen Sie einen Administrator von Microsoft 365, welche Richtlinie es verbietet. Mailroom versucht es automatisch erneut.',
  'consent-denied': 'Die Berechtigungen wurden abgelehnt; es wurde nichts verbunden.',
  'account-locked': 'Das Konto ist bei Microsoft gesperrt, nach zu vielen falschen Kennwörtern.',
  'blocked-by-policy':
    'Eine Richtlinie Ihrer Organisation für bedingten Zugriff verbietet diese Anmeldung. Bitten Sie einen Administrator von Microsoft 365, sie zuzulassen; vorher hilft keine neue Anmeldung.',
  'device-required':
    'Eine Richtlinie Ihrer Organisation verlangt für diese Anmeldung ein verwaltetes Gerät oder eine zugelassene App; Mailroom ist keines von beiden. Bitten Sie einen Administrator von Microsoft 365, Mailroom davon auszunehmen.',
  'risk-blocked':
    'Microsoft stuft dieses Konto als gefährdet ein, und eine Richtlinie Ihrer Organisation sperrt es deshalb. Bitten Sie einen Administrator von Microsoft 365, in Entra die riskanten Benutzer zu prüfen.',
  'external-challenge':
    'Eine Richtlinie Ihrer Organisation verlangt eine Prüfung durch einen anderen Dienst; sie wurde nicht bestanden. Melden Sie sich neu an und bestehen Sie sie.',
  'mfa-needed':
    'Microsoft verlangt einen zweiten Nachweis (mehrstufige Authentifizierung). Melden Sie sich neu an und erbringen Sie ihn.',
  'sign-in-frequency':
    'Eine Richtlinie Ihrer Organisation beendet jede Anmeldung nach einer bestimmten Zeit (Anmeldehäufigkeit), deshalb wiederholt sich das, oft täglich. Melden Sie sich neu an. Dauerhaft hilft nur, dass ein Administrator von Microsoft 365 Mailroom von der Richtlinie ausnimmt.',
  'server-blocked-by-policy':
    'Eine Richtlinie Ihrer Organisation für bedingten Zugriff verbietet den Zugriff von der Adresse dieses Servers. Die Anmeldung im Browser war erfolgreich; Microsoft hat die Adresse dieses Servers beurteilt. Bitten Sie einen Administrator von Microsoft 365, die öffentliche Adresse dieses Servers als benannten Standort zuzulassen.',
  'clock-wrong':
    'Die Uhr dieses Servers weicht von der von Microsoft ab. Synchronisieren Sie sie, am besten per NTP, und melden Sie sich dann neu an.',
  'code-expired': 'Die Anmeldung dauerte zu lange oder wurde schon verwendet. Beginnen Sie sie neu.',
  'sign-in-mismatch': 'Die Antwort von Microsoft gehört nicht zur begonnenen Anmeldung. Beginnen Sie sie neu.',
  'wrong-account': 'Es hat sich ein anderes Konto angemeldet als das eingegebene.',
  'mailbox-connected':
    'Ein anderes Konto liest dieses Postfach schon, unter einer anderen seiner Adressen. Verwenden Sie jenes Konto.',
  'address-not-allowed':
    'Postfächer dieser Adresse dürfen nicht verbunden werden: Das ist in Mailroom eingeschränkt. Bitten Sie die Administration von Mailroom, die Adresse zuzulassen.',
  'other-mailbox':
    'Die Adresse gehört zu einem anderen Postfach als das Konto. Fügen Sie jenes Postfach als eigenes Konto hinzu.',
  'wrong-tenant': 'Das angemeldete Konto gehört zu einer anderen Organisation.',
  'mailbox-access-denied':
    'Wer sich angemeldet hat, darf dieses Postfach nicht lesen. Bitten Sie einen Administrator von Microsoft 365 um Vollzugriff (Lesen und Verwalten); es kann eine Stunde dauern, bis er gilt. Mailroom merkt es von selbst; mit einer neuen Anmeldung geht es schneller.',
  'not-signed-in': 'Es gibt keine Anmeldung, die Mailroom verwenden könnte. Beginnen Sie eine.',
  'secret-wrong':
    'Microsoft nimmt den geheimen Clientschlüssel nicht an. Erzeugen Sie in Entra einen neuen und speichern Sie seinen Wert, nicht seine ID.',
  'secret-expired':
    'Der geheime Clientschlüssel ist abgelaufen. Erzeugen Sie in Entra einen neuen und speichern Sie seinen Wert.',
  'client-certificate-missing':
    'Mailroom soll sich bei Microsoft mit dem Zertifikat aus seinen Dateien ausweisen, und dieser Prozess hat keines. Geben Sie jedem Prozess MICROSOFT_CERTIFICATE_FILE und MICROSOFT_CERTIFICATE_KEY_FILE, oder wählen Sie einen anderen Weg.',
  'client-certificate-refused':
    'Microsoft nimmt das Zertifikat von Mailroom nicht an. Laden Sie es in Entra unter „Zertifikate & Geheimnisse“ der App-Registrierung hoch, und vergleichen Sie die Fingerabdrücke.',
  'client-certificate-expired':
    'Das Zertifikat von Mailroom ist abgelaufen oder noch nicht gültig. Erstellen Sie ein neues, laden Sie es in Entra hoch und wählen Sie es aus.',
  'app-not-found': 'In der Organisation gibt es keine aktive Anwendung mit der Client-ID der Einstellungen.',
  'app-disabled':
    'Die Anmeldung an der Anwendung ist in Entra abgeschaltet. Schalten Sie sie unter Unternehmensanwendungen > Eigenschaften wieder ein.',
  'resource-disabled':
    'Microsoft Graph ist in der Organisation deaktiviert oder fehlt: Sein Dienstprinzipal ist abgeschaltet, oft weil ein Abonnement abgelaufen ist. Bitten Sie einen Administrator von Microsoft 365, die Abonnements und Microsoft Graph unter den Unternehmensanwendungen in Entra zu prüfen.',
  'tenant-not-found': 'Microsoft kennt keine Organisation mit der Mandanten-ID der Einstellungen.',
  'app-misconfigured':
    'Die App-Registrierung ist nicht so eingerichtet, wie Mailroom sie braucht. Vergleichen Sie Berechtigungen und Plattform.',
  'redirect-uri-wrong': 'Die Umleitungs-URI von Mailroom ist in der App-Registrierung nicht eingetragen.',
  'settings-missing': 'Die allgemeinen Einstellungen fehlen noch.',
  'mailbox-not-found':
    'Microsoft kennt das Postfach nicht mehr. Prüfen Sie die Adresse, und in Microsoft 365, ob es gelöscht wurde. Wird es gerade verschoben, erledigt sich das von selbst.',
  'mailbox-not-enabled':
    'Das Konto hat kein Postfach, das Microsoft Graph lesen kann. Ist die Adresse eine Verteilerliste, nehmen Sie ein Postfach, das sie empfängt. Ist sie ein Postfach, geben Sie ihm eine Lizenz für Exchange Online; eines auf einem eigenen Server ist nicht lesbar. Wird das Postfach gerade verschoben, erledigt sich das von selbst.',
  'group-not-mailbox':
    'Die Adresse gehört einer Microsoft-365-Gruppe, und die hat kein Postfach, das Mailroom lesen kann. Nehmen Sie ein freigegebenes Postfach und lassen Sie die Gruppe dorthin weiterleiten.',
  'name-unknown':
    'Microsoft Graph kennt kein Postfach mit dieser Adresse. Es geht nach dem Benutzernamen (UPN), nicht nach Aliasen. Nehmen Sie den Benutzernamen, den Microsoft 365 unter Benutzer > Aktive Benutzer zeigt, oder prüfen Sie, ob das Postfach umbenannt oder gelöscht wurde.',
  'sync-state-lost': 'Microsoft weiß nicht mehr, was schon gelesen war. Mailroom liest das Postfach neu.',
  'folder-gone': 'Der Posteingang ist nicht zu finden. Sehen Sie in Outlook nach.',
  'quota-exceeded':
    'Das Postfach ist voll, deshalb meldet Microsoft keine Änderungen mehr. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Schaffen Sie im Postfach Platz.',
  'delta-refused':
    'Microsoft meldet keine Änderungen dieses Postfachs. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Mailroom versucht es in wachsenden Abständen erneut. Dauert es Tage, nennen Sie dem Support von Microsoft den Code.',
  'delta-failed':
    'Eine Seite der Änderungen dieses Postfachs ist nicht lesbar. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Mailroom versucht es in wachsenden Abständen erneut. Sehen Sie nach, ob eine E-Mail in Quarantäne ist.',
  'walk-endless':
    'Microsoft lieferte endlos Seiten mit Änderungen. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Mailroom versucht es in wachsenden Abständen erneut.',
  'delta-silent':
    'Microsoft hat E-Mails nicht gemeldet, die im Postfach liegen. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Mailroom versucht es in wachsenden Abständen erneut.',
  'delta-not-offered':
    'Diese Microsoft-Cloud meldet keine Änderungen von Postfächern. Neue E-Mails findet Mailroom über die Liste des Posteingangs. Zu tun ist nichts.',
  unreadable: 'Die E-Mail ist nicht lesbar. Öffnen Sie sie in Outlook und versuchen Sie es dann erneut.',
  'too-large': 'Die E-Mail ist zu groß. Öffnen Sie sie in Outlook.',
  'gone-before-read': 'Die E-Mail wurde verschoben oder gelöscht, ehe sie gelesen war. Suchen Sie sie in Outlook.',
  'not-storable': 'Die E-Mail enthält etwas, das sich nicht speichern lässt. Öffnen Sie sie in Outlook.',
  'endpoint-not-reached':
    'Microsoft erreicht die Adresse nicht, an die es neue E-Mails melden soll. Prüfen Sie von außen, ob PUBLIC_URL (oder NOTIFICATION_URL) über https antwortet.',
  'subscription-refused':
    'Microsoft lehnt es ab, neue E-Mails dieses Postfachs zu melden. Es wird abgefragt; zu tun ist nichts.',
  'rate-limited': 'Microsoft hat Mailroom gebeten zu warten. Danach geht es automatisch weiter.',
  'budget-used-up':
    'Mailroom hat für dieses Postfach so viele Anfragen gestellt, wie Microsoft in einem Zeitraum erlaubt. Danach geht es automatisch weiter.',
  'mailbox-held': 'Ein anderer Worker liest dieses Postfach noch. Es wird automatisch übernommen.',
  'service-down': 'Microsoft antwortet gerade nicht. Mailroom versucht es automatisch erneut.',
  'answer-unknown':
    'Microsoft hat etwas geantwortet, das Mailroom nicht kennt. Mailroom versucht es automatisch erneut. Bleibt es dabei, suchen Sie nach dem Code, oder nennen Sie dem Support von Microsoft die Trace-ID.',
  'foreign-answer':
    'Zwischen Mailroom und Microsoft antwortet etwas mit einer Webseite: ein Proxy, eine Firewall oder ein Portal. Lassen Sie diesen Server graph.microsoft.com und login.microsoftonline.com unverändert erreichen.',
  redirected:
    'Zwischen Mailroom und Microsoft antwortet etwas mit einer Umleitung, was Microsoft nicht tut: ein Proxy oder ein Portal. Lassen Sie diesen Server graph.microsoft.com und login.microsoftonline.com unverändert erreichen.',
  'page-without-link':
    'Microsoft gab eine Seite mit E-Mails, die nicht sagt, wo es weitergeht. Mailroom versucht es automatisch erneut. Bleibt es dabei, nennen Sie dem Support von Microsoft die Trace-ID.',
  'proxy-refused':
    'Der Proxy zwischen Mailroom und Microsoft lehnt die Verbindung ab. Prüfen Sie HTTPS_PROXY samt Benutzername und Kennwort, und was der Proxy erlaubt.',
  'proxy-unreachable':
    'Der Proxy zwischen Mailroom und Microsoft ist nicht erreichbar. Prüfen Sie HTTPS_PROXY und NO_PROXY, und ob der Proxy läuft.',
  'certificate-untrusted':
    'Das vorgelegte Zertifikat für Microsoft stammt von einer Stelle, der dieser Server nicht vertraut: Der Verkehr wird mitgelesen. Speichern Sie das Zertifikat dieser Stelle in einer Datei, und starten Sie Mailroom mit NODE_EXTRA_CA_CERTS und deren Namen.',
  'certificate-expired':
    'Das vorgelegte Zertifikat für Microsoft ist abgelaufen oder noch nicht gültig. Prüfen Sie die Uhr dieses Servers und was seinen Verkehr mitliest (siehe NODE_EXTRA_CA_CERTS).',
  'certificate-mismatch':
    'Das vorgelegte Zertifikat für Microsoft gilt für einen anderen Server: An seiner Stelle antwortet etwas anderes. Prüfen Sie DNS, Proxy und Firewall dieses Servers.',
  network: 'Microsoft ist nicht erreichbar. Prüfen Sie Netz, Proxy und Firewall dieses Servers.',
  'database-down': 'Die Datenbank von Mailroom antwortet nicht. Versuchen Sie es gleich noch einmal.',
  'database-busy':
    'Die Datenbank von Mailroom nimmt keine Verbindungen mehr an oder ist überlastet. Versuchen Sie es gleich noch einmal. Bleibt es dabei, vergleichen Sie max_connections von PostgreSQL mit DATABASE_POOL_SIZE aller Prozesse.',
  'database-full':
    'Die Festplatte der Datenbank von Mailroom ist voll. Schaffen Sie auf der Festplatte von PostgreSQL Platz; danach geht es automatisch weiter.',
  'database-read-only':
    'Die Datenbank von Mailroom lässt sich im Moment nur lesen. Prüfen Sie, ob DATABASE_URL zu einem Standby führt oder default_transaction_read_only gesetzt ist; nimmt sie wieder Änderungen an, geht es automatisch weiter.',
  'database-refuses':
    'Die Datenbank von Mailroom weist deren Benutzer ab. Prüfen Sie Benutzer, Kennwort und Datenbank in DATABASE_URL und die Rechte dieses Benutzers an allen Tabellen.',
  'schema-outdated':
    'Die Tabellen der Datenbank sind älter als diese Version von Mailroom. Bringen Sie sie auf den neuesten Stand: node database/migrate.ts.',
  'temporal-down': 'Der Temporal-Server antwortet nicht. Versuchen Sie es gleich noch einmal.',
  'key-missing':
    'Ein gespeichertes Geheimnis lässt sich mit den Schlüsseln dieser Installation nicht entschlüsseln. Tragen Sie den Schlüssel wieder in ENCRYPTION_KEYS ein, hinter dem neuesten. Ist er verloren: Speichern Sie die allgemeinen Einstellungen neu, und melden Sie die Konten neu an.',
  'key-wrong':
    'Ein Schlüssel aus ENCRYPTION_KEYS ist nicht der, mit dem die Datenbank verschlüsselt wurde. Tragen Sie diesen wieder ein; ist er verloren, geben Sie dem neuen eine andere ID und setzen Sie ihn an den Anfang.',
  'no-worker':
    'Kein Worker hat rechtzeitig geantwortet; der Auftrag kann noch ausgeführt werden. Sehen Sie das Konto gleich noch einmal an, und prüfen Sie, ob ein Worker läuft.',
  'workflow-stuck':
    'Der Workflow dieses Kontos kommt mit den laufenden Workern nicht weiter. Während eine neue Version eingespielt wird: Versuchen Sie es gleich noch einmal. Bleibt es dabei: Suchen Sie in Temporal nach WorkflowTaskFailed, und lesen Sie „Stopping and updating“ in docs/operations.md.',
  'namespace-missing':
    'Temporal hat den Namespace von Mailroom nicht. Legen Sie ihn mit temporal operator namespace create an, oder berichtigen Sie TEMPORAL_NAMESPACE.',
  'workflow-ended':
    'Der Workflow dieses Kontos wurde von außen beendet, bevor er antwortete; der Auftrag kann schon ausgeführt sein. Sehen Sie das Konto gleich noch einmal an, und wiederholen Sie den Auftrag, falls nötig.',
};
