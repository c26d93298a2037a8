import { list, named, type RefusalFacts, text } from './refusal-facts.ts';
import { confirmationWordsDe, sendingWordsDe } from './sending-words-de.ts';

/** What the state of an answer says about a step that it does not allow. */
const stateWords: Readonly<Record<string, string>> = {
  draft: 'Die Antwort ist ein Entwurf; sie wird nicht gesendet.',
  scheduled: 'Die Antwort wird gleich gesendet. Bis dahin lässt sich das Senden rückgängig machen.',
  sending: 'Dafür ist es zu spät: Die Antwort wird gerade gesendet.',
  sent: 'Dafür ist es zu spät: Die Antwort ist gesendet.',
  failed: 'Die Antwort wurde sicher nicht gesendet. Ändern Sie sie, oder senden Sie sie noch einmal.',
  unknown:
    'Vielleicht ist die Antwort gesendet. Sehen Sie im Postfach nach; dann senden Sie sie noch einmal, vermerken sie als gesendet oder geben sie auf.',
  discarded: 'Die Antwort wurde aufgegeben.',
};

/** Why the API refused a request of the pages where mail is worked on, and the next step, by its reason. */
export const deskProblemWordsDe: Readonly<Record<string, string | ((refusal: RefusalFacts) => string)>> = {
  'message-deleted': 'Der Inhalt dieser E-Mail wurde in Mailroom gelöscht.',
  'range-beyond-end': 'Die Datei ist kürzer als angenommen. Laden Sie sie von vorn.',
  'no-such-attachment': 'Diese E-Mail hat diesen Anhang nicht. Laden Sie sie neu.',
  'content-gone':
    'Die E-Mail liegt nicht mehr im Postfach: Sie wurde gelöscht oder archiviert, bevor ihr Anhang gelesen wurde. Suchen Sie sie in Outlook.',
  'content-account-removed':
    'Das Postfach wird nicht mehr gelesen, weil sein Konto entfernt wurde. Öffnen Sie den Anhang in Outlook.',
  'content-unreadable': 'Exchange kann das nicht öffnen. Versuchen Sie es in Outlook.',
  'content-too-large': 'Der Anhang ist größer als 150 MB. Öffnen Sie ihn in Outlook.',
  'content-elsewhere':
    'Der Anhang ist nur ein Verweis auf eine Datei in OneDrive oder SharePoint. Öffnen Sie ihn in Outlook.',
  'content-no-picture': 'Der Anhang ist kein Bild, das gefahrlos angezeigt werden kann. Laden Sie ihn herunter.',
  'content-not-shown': 'Der Anhang kann hier nicht angezeigt werden. Laden Sie ihn herunter.',
  'content-infected': 'Der Virenscanner hat Schadsoftware gefunden. Die Datei wird nicht ausgeliefert.',
  'content-unscanned':
    'Die Datei konnte nicht auf Schadsoftware geprüft werden und wird deshalb nicht ausgeliefert. Versuchen Sie es später noch einmal.',
  'content-not-ready':
    'Das Lesen aus dem Postfach dauert länger als eine halbe Minute. Es geht weiter: Versuchen Sie es gleich noch einmal.',
  'account-not-removed': 'Das Konto ist noch verbunden. Entfernen Sie es zuerst.',
  'no-such-session': 'Diese Sitzung gibt es nicht, oder nicht mehr.',
  'session-limits-changed':
    'Inzwischen wurden andere Grenzen gespeichert. Laden Sie die Seite neu, bevor Sie Ihre speichern.',
  'sign-on-settings-changed':
    'Inzwischen wurden andere Einstellungen gespeichert. Laden Sie die Seite neu, bevor Sie Ihre speichern.',
  'mapping-takes-administration':
    'Soweit bekannt, verlieren Sie damit bei Ihrer nächsten Anmeldung das Profil Admin: Keiner der Werte Ihrer letzten Anmeldung ist ihm zugeordnet. Bestätigen Sie, dass Sie trotzdem speichern wollen.',
  'no-such-hold': 'Diese Sperre gibt es nicht.',
  'no-such-erasure': 'Diese Löschung gibt es nicht.',
  'retention-changed':
    'Inzwischen wurden andere Fristen gespeichert. Laden Sie die Seite neu, bevor Sie Ihre speichern.',
  'no-such-item': 'Diese E-Mail gibt es nicht, oder nicht mehr.',
  'no-such-draft': 'Diesen Entwurf gibt es nicht, oder nicht mehr.',
  'no-such-answer': 'Diese Antwort gibt es nicht, oder nicht mehr.',
  'no-such-canned-answer': 'Diesen Textbaustein gibt es nicht, oder nicht mehr.',
  'canned-answer-name-taken': 'Einen Textbaustein mit diesem Namen gibt es schon. Wählen Sie einen anderen.',
  'draft-of-other': ({ facts }) =>
    `Diesen Entwurf schreibt ${text(facts?.by) || 'eine andere Person'}. Übernehmen Sie ihn, um ihn zu ändern.`,
  'draft-own-exists':
    'Zu dieser E-Mail haben Sie schon einen Entwurf derselben Art. Senden oder verwerfen Sie ihn zuerst.',
  'draft-changed': 'Der Entwurf wurde inzwischen an anderer Stelle geändert. Vergleichen Sie beide Fassungen.',
  'draft-version-missing': 'Laden Sie den Entwurf neu, bevor Sie ihn ändern.',
  'draft-not-editable': 'Die Antwort wird gesendet oder ist gesendet; sie lässt sich nicht mehr ändern.',
  'answer-state-forbids': ({ facts }) =>
    stateWords[text(facts?.state)] ??
    'Der Zustand der Antwort lässt das nicht zu; vielleicht hat er sich gerade geändert.',
  'sending-not-possible': ({ facts }) =>
    sendingWordsDe[text(facts?.why)] ?? 'Von diesem Postfach lässt sich nicht senden.',
  'needs-confirmation': ({ facts }) =>
    [
      ...list(facts?.needed).map((needed) => confirmationWordsDe[needed] ?? needed),
      'Bestätigen Sie, dass Sie senden wollen.',
    ].join(' '),
  'request-key-missing': 'Der Anfrage fehlt ihr Name. Laden Sie die Seite neu.',
  'request-key-reused': 'Unter diesem Namen kam schon eine andere Anfrage. Laden Sie die Seite neu.',
  'recipient-no-address':
    'Mindestens ein Empfänger ist keine E-Mail-Adresse. Berichtigen oder entfernen Sie ihn, und senden Sie dann noch einmal.',
  'too-many-recipients': ({ facts }) =>
    `Eine E-Mail hat höchstens ${Number(facts?.most)} Empfänger. Entfernen Sie einige, und senden Sie dann noch einmal.`,
  'recipients-missing': 'Die Antwort hat keine Empfänger. Tragen Sie mindestens einen ein.',
  'attachments-too-large': 'Alle Anlagen zusammen dürfen höchstens 150 MB groß sein. Entfernen Sie welche.',
  'attachment-sent': 'Die Antwort ist gesendet; die Datei liegt bei der gesendeten E-Mail in Outlook.',
  'attachment-incomplete': 'Die Datei kam nicht vollständig an. Laden Sie sie noch einmal hoch.',
  'image-not-named': 'Die E-Mail zeigt kein Bild dieser Adresse.',
  'image-address-refused': 'Die Adresse liegt nicht im Internet oder ist ungewöhnlich. Sie wird nicht abgefragt.',
  'image-no-picture': 'Unter der Adresse liegt kein Bild, das sich sicher zeigen lässt.',
  'image-not-loaded': 'Der Server des Bildes hat es nicht geliefert. Versuchen Sie es später noch einmal.',
  'sender-not-trusted':
    'Der Absender dieser E-Mail ist nicht bekannt oder vielleicht gefälscht. Laden Sie ihre Bilder jedes Mal einzeln.',
  'item-not-held': 'Diese E-Mail ist nicht übernommen. Übernehmen Sie sie zuerst.',
  'item-state-unknown':
    'Eine neuere Version von Mailroom hat diese E-Mail in einen Zustand gebracht, den diese nicht kennt. Bitten Sie einen Administrator, Mailroom zu aktualisieren.',
  'item-unqueued':
    'Diese E-Mail liegt in keiner Warteschlange. Lassen Sie sie zuerst verteilen, auf der Seite ihres Kontos.',
  'item-joined':
    'Diese E-Mail wird mit einer anderen ihrer Unterhaltung bearbeitet. Bearbeiten Sie jene, oder trennen Sie die beiden.',
  'item-has-new-mail':
    'In dieser Unterhaltung ist eine neue E-Mail eingegangen. Es wurde nichts geändert: Lesen Sie sie, und versuchen Sie es dann noch einmal.',
  'item-has-draft':
    'Eine Antwort mit Text wurde nicht gesendet. Es wurde nichts geändert: Öffnen Sie die E-Mail, und senden oder verwerfen Sie die Antwort.',
  'item-offered-to-other':
    'Diese E-Mail wird gerade jemand anderem angeboten. Warten Sie, oder wählen Sie eine andere.',
  'item-offered-only':
    'E-Mails dieser Warteschlange werden nur angeboten. Stellen Sie sich auf verfügbar, und warten Sie auf ein Angebot.',
  'offer-ended':
    'Das Angebot ist beendet: Seine Zeit ist um, oder die E-Mail kam woanders hin. Es wurde nichts geändert.',
  'no-such-offer': 'Dieses Angebot gibt es nicht. Laden Sie die Seite neu.',
  'item-not-parked': 'Diese E-Mail ist nicht zurückgestellt. Laden Sie die Seite neu.',
  'item-not-joined': 'Diese E-Mail ist mit keiner anderen verbunden. Laden Sie die Seite neu.',
  'item-not-completed': 'Diese E-Mail ist nicht erledigt. Laden Sie die Seite neu.',
  'completion-not-undoable':
    'Rückgängig machen kann das nur, wer die E-Mail erledigt hat, und nur innerhalb einer Minute. Öffnen Sie sie mit einer Begründung wieder.',
  'item-completed': 'Die E-Mail ist schon erledigt; zu tun bleibt nichts.',
  'item-held-by-other':
    'Diese E-Mail hat schon jemand anderes übernommen. Übernehmen Sie eine andere oder bitten Sie einen Supervisor.',
  'person-missing': 'Diese Person gibt es nicht mehr, oder sie darf sich nicht anmelden. Wählen Sie eine andere.',
  'outcome-missing': 'Dieses Ergebnis gibt es in der Warteschlange nicht mehr. Wählen Sie ein anderes.',
  'tag-missing': 'Ein Schlagwort gibt es in dieser Warteschlange nicht. Wählen Sie eines von ihren.',
  'too-many-tags': 'Eine E-Mail hat höchstens 20 Schlagwörter. Entfernen Sie zuerst eines.',
  'park-without-end': 'Der Zeitpunkt fehlt oder ist schon vorbei. Wählen Sie einen in der Zukunft.',
  'search-too-long': 'Die Suche hat zu viele Wörter. Lassen Sie weg, was am wenigsten zählt.',
  'search-too-wide':
    'Die Suche dauert zu lange, weil ihre Wörter in zu vielen E-Mails stehen. Ergänzen Sie ein Wort, oder wählen Sie eine Warteschlange oder eine Zeit.',
  'too-many-uploads': 'Es sind schon zu viele Dateien unterwegs. Warten Sie, bis eine davon angekommen ist.',
  'too-many-attachments': 'Eine Antwort kann höchstens 250 Anlagen haben. Packen Sie mehrere Dateien in eine.',
  'canary-connected': ({ facts }) =>
    `${text(facts?.address)} ist verbunden. Nennen Sie Postfächer, die Mailroom nicht lesen können darf.`,
  'canaries-missing': 'Nennen Sie mindestens ein bestehendes Postfach, das die Anwendung nicht lesen können darf.',
  'application-reads-more': ({ facts }) =>
    `Die Anwendung kann ${named(list(facts?.readable)) || 'eines dieser Postfächer'} lesen, ist also nicht begrenzt. Entfernen Sie ihre Anwendungsberechtigungen für E-Mail in Entra und geben Sie ihr in Exchange Rollen mit einem Verwaltungsbereich. Änderungen gelten nach spätestens zwei Stunden.`,
  'application-not-checked':
    'Der Anwendungszugriff wurde nicht eingeschaltet. Ob die Anwendung begrenzt ist, ließ sich nicht prüfen: Microsoft antwortet nicht wie erwartet. Prüfen Sie es später noch einmal.',
  'application-access-unused': ({ facts }) =>
    facts?.cause === 'application-access-off'
      ? 'Der Anwendungszugriff ist ausgeschaltet. Schalten Sie ihn unter Konfiguration > E-Mail ein.'
      : 'Es ist nicht nachgewiesen, dass die Anwendung begrenzt ist. Prüfen Sie sie unter Konfiguration > E-Mail.',
  'right-ended': 'Ihr Recht dazu wurde entzogen, während die Anfrage lief. Fragen Sie einen Administrator.',
  'provisioning-refused': 'So ist das nicht möglich.',
  'provisioned-name-taken': 'Diesen Namen gibt es schon.',
  'no-such-resource': 'Das gibt es nicht, oder nicht mehr.',
  'resource-changed': 'Das wurde inzwischen geändert. Laden Sie es neu.',
  'no-such-group': 'Diese Gruppe gibt es nicht, oder nicht mehr.',
  'user-from-provider': 'E-Mail-Adresse und Name dieser Person kommen vom Identitätsanbieter. Ändern Sie sie dort.',
  'user-inactive-at-provider': 'Der Identitätsanbieter hat diese Person deaktiviert. Aktivieren Sie sie dort.',
  'user-kept-at-provider':
    'Der Identitätsanbieter würde diese Person wieder anlegen. Nehmen Sie sie dort aus der Anwendung, oder sperren Sie sie hier.',
  'recent-sign-in-needed':
    'Diese Änderung verlangt eine frische Anmeldung. Bestätigen Sie, wer Sie sind; Ihre Eingaben bleiben hier stehen. Danach wiederholen Sie die Änderung.',
  'no-such-certificate': 'Dieses Zertifikat gibt es nicht, oder nicht mehr.',
  'certificate-in-use':
    'Das Zertifikat ist in Gebrauch. Wählen Sie zuerst ein anderes oder einen geheimen Clientschlüssel.',
  'too-many-certificates': ({ facts }) =>
    `Es gibt schon ${facts?.most} Zertifikate. Löschen Sie eines, das nicht in Gebrauch ist.`,
  'key-for-provisioning': 'Dieser Schlüssel ist nur für SCIM.',
  'key-not-for-provisioning': 'Dieser Schlüssel ist nicht für SCIM.',
  'key-makes-no-key': 'API-Schlüssel legt nur an, wer selbst angemeldet ist.',
  'no-such-key': 'Diesen API-Schlüssel gibt es nicht, oder nicht mehr.',
  'no-such-user': 'Diesen Benutzer gibt es nicht, oder nicht mehr.',
  'no-such-quarantined-message': 'Diese E-Mail ist nicht mehr in der Quarantäne des Kontos.',
  'only-users': 'Nur Benutzer haben Absender, deren Bilder sie immer laden. Melden Sie sich als einer an.',
  'codec-from-elsewhere': 'Das dürfen nur die Seiten von Temporal auf diesem Rechner fragen.',
  'codec-only-decodes':
    'Mailroom entschlüsselt für diese Seiten und verschlüsselt nichts: Befehle gibt man in Mailroom, das festhält, von wem sie kommen. Signale ohne Eingabe, Zurücksetzen, Abbrechen und Beenden gehen hier.',
};
