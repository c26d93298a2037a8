import { list, NAMED_AT_MOST, named, type RefusalFacts, type RefusedValue, text } from './refusal-facts.ts';

/** What is wrong with a value, by the reason that the API names, in German. */
export const valueWordsDe: Readonly<Record<string, string | ((value: RefusedValue) => string)>> = {
  missing: 'Fehlt.',
  'wrong-type': 'Hat das falsche Format.',
  'not-among': 'Ist kein zulässiger Wert.',
  empty: 'Darf nicht leer sein.',
  'too-short': ({ limit }) => (limit === undefined ? 'Ist zu kurz.' : `Ist zu kurz: mindestens ${limit}.`),
  'too-long': ({ limit }) => (limit === undefined ? 'Ist zu lang.' : `Ist zu lang: höchstens ${limit}.`),
  'too-small': ({ limit }) => (limit === undefined ? 'Ist zu klein.' : `Muss mindestens ${limit} sein.`),
  'too-large': ({ limit }) => (limit === undefined ? 'Ist zu groß.' : `Darf höchstens ${limit} sein.`),
  'unknown-field': 'Unbekanntes Feld.',
  'no-id': 'Ist keine ID von Mailroom.',
  'no-email-address': 'Geben Sie eine Adresse wie info@example.com ein.',
  'control-characters': 'Darf keine Steuerzeichen enthalten.',
  'not-well-formed': 'Enthält ungültige Zeichen.',
  'no-tenant-id': 'Keine Verzeichnis-ID (Mandant) und keine Ihrer Domänen.',
  'no-client-id': 'Keine Anwendungs-ID (Client); erwartet wird eine GUID.',
  'changes-nothing': 'Muss etwas ändern.',
  'needs-enabled': 'Gehört zum Aktivieren.',
  'subject-or-message': 'Braucht entweder einen Betreff oder eine E-Mail.',
  'no-queue': 'Diese Warteschlange gibt es nicht.',
  'no-time-zone': 'Ist kein Name einer Zeitzone wie Europe/Berlin.',
  'no-address-or-domain': 'Ist weder eine E-Mail-Adresse noch eine Domäne.',
  'no-certificate': 'Nennt kein Zertifikat dieser Installation.',
  'secret-or-certificate': 'Steht neben einem geheimen Clientschlüssel; geben Sie nur eines davon an.',
  'no-cursor': 'Ist keine Stelle einer Liste, die Mailroom genannt hat.',
  'given-twice': 'Ist mehrfach angegeben.',
  'no-network': 'Ist weder eine Adresse noch ein Netz wie 192.0.2.0/24.',
  'not-of-profile': 'Enthält eine Berechtigung, die das Sicherheitsprofil nicht hat.',
  'no-message': 'Diese E-Mail gehört nicht zu diesem Konto.',
  'cannot-sign-in': 'Kann sich hier nicht anmelden.',
  taken: 'Ist bereits vergeben.',
  'longer-than-items': 'Darf nicht länger bleiben als die Vorgänge.',
  'idle-beyond-absolute': 'Darf nicht länger sein, als eine Sitzung höchstens dauert.',
  'not-acceptable': 'Ungültiger Wert.',
};

function valueList({ errors = [] }: RefusalFacts): string {
  return errors
    .slice(0, 3)
    .map((value) => {
      const words = valueWordsDe[value.reason ?? ''] ?? valueWordsDe['not-acceptable'];
      return ` ${value.path}: ${typeof words === 'function' ? words(value) : words}`;
    })
    .join('');
}

/** Refusals by the reason that the API names, in German: what is the matter and what to do. */
export const problemWordsDe: Readonly<Record<string, string | ((refusal: RefusalFacts) => string)>> = {
  'request-malformed': (details) => `Mailroom versteht die Anfrage nicht.${valueList(details)}`,
  'json-malformed': 'Mailroom versteht die Anfrage nicht. Laden Sie die Seite neu.',
  'json-key-twice': ({ facts }) => `Die Anfrage nennt „${text(facts?.name)}“ zweimal. Laden Sie die Seite neu.`,
  'json-key-reserved': ({ facts }) =>
    `Die Anfrage nennt „${text(facts?.name)}“, was es hier nicht gibt. Laden Sie die Seite neu.`,
  'cursor-unknown': 'Diese Stelle der Liste gibt es nicht mehr. Beginnen Sie die Liste von vorn.',
  'content-length-wrong': 'Die Anfrage kam unvollständig an. Versuchen Sie es noch einmal.',
  'address-malformed': 'Diese Adresse lässt sich nicht lesen.',
  'no-http-request': 'Die Anfrage lässt sich nicht lesen. Versuchen Sie es noch einmal.',
  'settings-do-not-work':
    'Microsoft nimmt diese Werte nicht an. Es wurde nichts gespeichert; die bisherigen Werte gelten weiter.',
  'settings-unchecked':
    'Die Werte ließen sich nicht prüfen, weil Microsoft nicht antwortet. Es wurde nichts gespeichert; die bisherigen Werte gelten weiter.',
  'session-missing': 'Ihre Sitzung ist beendet. Melden Sie sich neu an.',
  'key-expired': 'Der API-Schlüssel ist abgelaufen. Legen Sie unter Verwaltung > API-Schlüssel einen neuen an.',
  'key-from-elsewhere': 'Der API-Schlüssel gilt nicht für Anfragen von dieser Adresse.',
  'key-out-of-reach': 'Das ist nur für Personen und API-Schlüssel, die alle Warteschlangen sehen.',
  'key-unknown': 'Der API-Schlüssel ist unbekannt oder widerrufen.',
  'permission-missing': ({ facts }) =>
    `Das Sicherheitsprofil ${text(facts?.profile)} erlaubt das nicht. Wenden Sie sich an die Administration von Mailroom.`,
  'cross-site': 'Mit Ihrer Sitzung dürfen nur Seiten von Mailroom Änderungen vornehmen.',
  'no-such-id': 'Das gibt es nicht, oder nicht mehr.',
  'no-such-account': 'Dieses Konto gibt es nicht, oder nicht mehr.',
  'no-such-queue': 'Diese Warteschlange gibt es nicht, oder nicht mehr.',
  'mail-held': 'Eine Sperre hält E-Mails davon. Heben Sie die Sperre zuerst auf.',
  'no-such-address': 'Die Adresse stimmt nicht, oder was sie zeigte, ist jetzt anderswo.',
  'file-outdated': 'Mailroom wurde aktualisiert. Laden Sie die Seite neu.',
  'no-identity-provider': 'Es ist kein Identitätsanbieter eingerichtet; nur API-Schlüssel gelten.',
  'method-not-allowed': 'Diese Aktion ist hier nicht möglich.',
  'request-timeout': 'Die Anfrage war nach 30 Sekunden nicht vollständig. Versuchen Sie es noch einmal.',
  'queue-name-taken': 'Es gibt schon eine Warteschlange mit diesem Namen. Wählen Sie einen anderen.',
  'user-address-taken': 'Einen Benutzer mit dieser E-Mail-Adresse gibt es schon. Ändern Sie stattdessen jenen.',
  'account-address-taken': 'Dieses Postfach ist schon verbunden.',
  'key-name-taken': 'Einen API-Schlüssel mit diesem Namen gibt es schon. Wählen Sie einen anderen.',
  'own-user': 'Sich selbst können Sie nicht entfernen. Bitten Sie eine andere Person mit dem Profil Admin.',
  'address-not-allowed':
    'Postfächer dieser Adresse dürfen nicht verbunden werden. Unter Konfiguration > E-Mail steht, welche es dürfen.',
  'own-sight': 'Was Sie selbst sehen, können Sie nicht ändern. Bitten Sie eine andere Person mit dem Profil Admin.',
  'no-such-team': 'Dieses Team gibt es nicht, oder nicht mehr.',
  'team-name-taken': 'Ein Team mit diesem Namen gibt es schon. Wählen Sie einen anderen.',
  'person-without-queue':
    'Diese Person sieht die Warteschlange nicht. Wählen Sie eine andere Person oder eine andere Warteschlange.',
  'settings-changed': 'Inzwischen wurden andere Einstellungen gespeichert. Laden Sie sie, bevor Sie Ihre speichern.',
  'routing-changed': 'Diese Verteilung wurde inzwischen geändert. Laden Sie sie, bevor Sie Ihre speichern.',
  'already-connected': ({ facts }) => `${text(facts?.address) || 'Dieses Postfach'} ist schon verbunden.`,
  'queue-in-use': ({ facts }) => queueInUse(facts ?? {}),
  'state-forbids':
    'Der Zustand des Kontos lässt das nicht zu; vielleicht wurde es inzwischen geändert. Laden Sie das Konto neu.',
  'account-not-enabled': 'Das Konto wird zurzeit nicht gelesen. Aktivieren Sie es zuerst.',
  'account-not-signed-in': 'Das Konto wird zurzeit nicht gelesen. Melden Sie es zuerst an.',
  'last-administrator':
    'Das ist der letzte aktive Benutzer mit dem Profil Admin; danach könnte niemand mehr Administratoren hinzufügen. Geben Sie dieses Profil zuerst einem anderen Benutzer.',
  'last-signed-in-administrator':
    'Das ist der letzte Benutzer mit dem Profil Admin, der sich je angemeldet hat; ob die anderen sich anmelden können, ist ungewiss. Bitten Sie zuerst einen von ihnen, sich anzumelden.',
  'sign-in-refused': 'Microsoft nimmt die Anmeldung des Kontos nicht an. Melden Sie es neu an.',
  'settings-refused': 'Microsoft nimmt die allgemeinen Einstellungen nicht an. Prüfen Sie sie.',
  'mailbox-gone': 'Das Postfach ist bei Microsoft nicht zu finden. Sehen Sie in Microsoft 365 nach.',
  'message-refused': 'Die E-Mail ließ sich nicht erfassen. Öffnen Sie sie in Outlook und versuchen Sie es dann erneut.',
  'body-too-large': 'Das ist mehr, als hier angenommen wird. Senden Sie weniger.',
  'unsupported-media-type': 'Dieses Format nimmt Mailroom nicht an.',
  'values-refused': (details) => `Nicht alle Angaben lassen sich annehmen.${valueList(details)}`,
  'value-not-storable': 'Ein Wert lässt sich nicht speichern. Suchen Sie nach ungewöhnlichen Zeichen.',
  'queue-missing': 'Eine der Warteschlangen gibt es nicht mehr. Wählen Sie eine andere.',
  'shared-mailbox-itself': ({ facts }) =>
    `${text(facts?.address)} ist ein freigegebenes Postfach: Nennen Sie jemanden mit Zugriff darauf, nicht das Postfach.`,
  'secret-missing':
    'Der geheime Clientschlüssel fehlt: Er gehört zu Mandant und Client; geben Sie ihn zusammen mit ihnen ein.',
  'no-such-message': 'Diese E-Mail gehört nicht zu diesem Konto.',
  'too-many-attempts':
    'Zu viele Versuche von dieser Adresse. Warten Sie eine Minute, dann versuchen Sie es noch einmal.',
  'too-many-streams': 'Mailroom ist in zu vielen Fenstern geöffnet. Schließen Sie einige davon.',
  'headers-too-large': 'Der Browser schickt zu viele Cookies. Löschen Sie die dieser Seite.',
  unexpected:
    'Etwas ging schief, das nicht schiefgehen sollte. Versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie dem Betrieb die Referenz.',
  'service-away':
    'Ein Dienst, den Mailroom braucht, antwortet nicht. Versuchen Sie es gleich noch einmal. Bleibt es dabei, prüfen Sie /readyz.',
  'identity-provider-away': 'Der Identitätsanbieter antwortet nicht. Versuchen Sie es gleich noch einmal.',
  'identity-provider-unknown':
    'Der Identitätsanbieter antwortet nicht oder ist falsch eingestellt. Versuchen Sie es gleich noch einmal. Bleibt es dabei, prüfen Sie OIDC_ISSUER.',
};

function queueInUse(facts: NonNullable<RefusalFacts['facts']>): string {
  const defaultOf = list(facts.defaultOf);
  const inRulesOf = list(facts.inRulesOf);
  const openItems = Number(facts.openItems);
  const uses = [
    defaultOf.length > 0 && `ist die Standard-Warteschlange von ${named(defaultOf)}`,
    inRulesOf.length > 0 && `kommt in Regeln von ${named(inRulesOf)} vor`,
    openItems > 0 &&
      `enthält ${openItems === 1 ? 'eine offene E-Mail' : `${openItems.toLocaleString('de')} offene E-Mails`}`,
  ].filter((use) => use !== false);
  const steps = [
    defaultOf.length + inRulesOf.length > 0 &&
      'Wählen Sie zuerst andere Warteschlangen in der Verteilung dieser Konten.',
    openItems > 0 && 'Erledigen Sie zuerst, was darin wartet.',
    Math.max(defaultOf.length, inRulesOf.length) > NAMED_AT_MOST &&
      'Unter Konfiguration > E-Mail lässt sich die Warteschlange vieler Konten auf einmal ändern.',
  ].filter((step) => step !== false);
  return `Die Warteschlange ${text(facts.name)} ${uses.join(' und ')}. ${steps.join(' ')}`;
}
