import type { FailureType } from '../../../domain/failure.ts';
import { clockDiffersDe } from '../../../domain/words/clock-words.ts';
import { failureWordsDe } from '../../../domain/words/failure-words-de.ts';
import { outcomeWordsDe } from '../../../domain/words/outcome-words-de.ts';
import { problemWordsDe } from '../../../domain/words/problem-words-de.ts';
import type { ProblemKind } from '../../http/problem-kinds.ts';
import type { PageWords } from './en.ts';

const titles: Readonly<Record<ProblemKind, string>> = {
  'malformed-request': 'Die Anfrage ist nicht zu verstehen',
  'not-authenticated': 'Nicht angemeldet',
  'not-permitted': 'Nicht erlaubt',
  'content-withheld': 'Die Datei wird nicht ausgeliefert',
  'cross-site': 'Die Anfrage kam von einer anderen Seite',
  'not-found': 'Nicht gefunden',
  'method-not-allowed': 'Das geht hier nicht',
  'request-timeout': 'Die Anfrage dauerte zu lange',
  conflict: 'Das gibt es schon',
  'other-version': 'Jemand anders hat es inzwischen geändert',
  'already-connected': 'Das Postfach ist schon verbunden',
  'in-use': 'Wird noch gebraucht',
  'invalid-transition': 'Der Zustand lässt das nicht zu',
  'not-claimed': 'Sie haben diese E-Mail nicht übernommen',
  'last-administrator': 'Der letzte Benutzer mit dem Profil Admin',
  'settings-missing': 'Die allgemeinen Einstellungen fehlen',
  'sign-in-needed': 'Eine Anmeldung ist nötig',
  'needs-confirmation': 'Etwas ist zu bestätigen',
  gone: 'Nicht mehr da',
  'changed-meanwhile': 'Inzwischen geändert',
  'version-required': 'Die gelesene Fassung fehlt',
  'body-too-large': 'Die Anfrage ist zu groß',
  'unsupported-media-type': 'Diese Form der Anfrage geht nicht',
  'beyond-end': 'Die Datei endet vorher',
  'unacceptable-values': 'Die Angaben lassen sich nicht annehmen',
  'settings-rejected': 'Microsoft nimmt die allgemeinen Einstellungen nicht an',
  'message-rejected': 'Die E-Mail lässt sich nicht erfassen',
  'content-unreadable': 'Der Inhalt lässt sich nicht ausliefern',
  'too-many-requests': 'Zu viele Anfragen',
  'headers-too-large': 'Zu viele Cookies',
  unexpected: 'Unerwarteter Fehler',
  'other-server-failed': 'Ein anderer Server hat versagt',
  unavailable: 'Zurzeit nicht möglich',
  'not-ready': 'Noch nicht fertig',
};

const byType: Readonly<Record<FailureType, string>> = {
  Throttled: failureWordsDe['rate-limited'],
  Unavailable: 'Ein Dienst, den Mailroom braucht, antwortet nicht. Versuchen Sie es gleich noch einmal.',
  CredentialRejected: 'Microsoft nimmt die Anmeldung nicht an. Melden Sie sich neu an.',
  AccessRefused: failureWordsDe['token-refused'],
  SettingsRejected: 'Microsoft nimmt die allgemeinen Einstellungen von Mailroom nicht an.',
  MailboxGone: 'Das Postfach ist bei Microsoft nicht zu finden. Sehen Sie in Microsoft 365 nach.',
  CursorExpired: failureWordsDe['sync-state-lost'],
  MessageRejected: failureWordsDe.unreadable,
  SubscriptionRefused: failureWordsDe['subscription-refused'],
  InvalidTransition: 'Der Zustand des Kontos lässt das nicht zu.',
};

export const de: PageWords = {
  language: 'de',
  reference: (id) => `Referenz: ${id}`,
  problem: {
    titleOf: (kind) => titles[kind],
    explain: (problem) => {
      const { reason, message } = problem;
      const words: Readonly<Record<string, (typeof problemWordsDe)[string]>> = { ...failureWordsDe, ...problemWordsDe };
      const known = words[reason] ?? message;
      const outcome = outcomeWordsDe[String(problem.facts?.outcome)] ?? '';
      return `${typeof known === 'function' ? known(problem) : known} ${known === message ? '' : outcome}`.trim();
    },
    toStart: 'Zur Startseite',
  },
  start: {
    signedInAs: (who) => `Angemeldet als ${who}`,
    docs: 'Die API, mit allem, was Mailroom kann',
    accounts: 'Verbundene Konten (JSON)',
    queues: 'Warteschlangen (JSON)',
    temporal: 'Temporal: was mit jedem Konto geschieht',
    signOut: 'Abmelden',
    title: 'E-Mail, in der richtigen Warteschlange',
    what: 'Mailroom nimmt jede E-Mail, die in Ihren Office-365-Postfächern eintrifft, und legt sie genau einmal in die richtige Warteschlange.',
    signIn: 'Anmelden',
    readDocs: 'Die API lesen',
    noProvider:
      'Es ist kein Identitätsanbieter eingerichtet, deshalb gelten nur API-Schlüssel. Mit OIDC_ISSUER, OIDC_CLIENT_ID und OIDC_CLIENT_SECRET oder OIDC_CLIENT_KEY können sich Menschen anmelden.',
  },
  owner: {
    title: 'Was Mailroom aus Ihrem Postfach liest',
    what: 'Melden Sie sich bei Microsoft mit dem Konto des Postfachs an. Mailroom zeigt dann, was es liest, seit wann, wer es verbunden hat und wer es sieht, und Sie können es beenden. Ein Konto bei Mailroom brauchen Sie nicht.',
    signIn: 'Bei Microsoft anmelden',
    none: 'Mailroom liest kein Postfach von Ihnen und keines, für das Sie sich angemeldet haben.',
    read: (since) =>
      since === null
        ? 'Gelesen werden alle E-Mails, die im Posteingang eintreffen.'
        : `Gelesen werden alle E-Mails, die seit dem ${since.toLocaleDateString('de', { dateStyle: 'long', timeZone: 'UTC' })} im Posteingang eingetroffen sind.`,
    notRead: 'Es wird zurzeit nicht gelesen.',
    connectedBy: (who) => `Hinzugefügt von ${who ?? 'einem Betreiber von Mailroom'}.`,
    sharedAs: (who) => `Es wird als freigegebenes Postfach gelesen, mit dem Zugriff von ${who}.`,
    seen: (queues) =>
      queues.length === 0
        ? 'Zurzeit sieht es niemand in einer Warteschlange.'
        : `Sehen können es die Personen der Warteschlangen ${queues.map((name) => `„${name}“`).join(', ')}.`,
    end: (address) => `${address} nicht mehr lesen`,
    captured:
      'Wenn Sie es beenden, wird sofort nicht mehr gelesen und die Anmeldung gelöscht; die Administration von Mailroom sieht das. Schon gelesene E-Mails bleiben dort: Bitten Sie darum, sie zu löschen.',
  },
  mailbox: {
    connected: (address) => `${address} ist verbunden`,
    connectedWhat: 'Mailroom liest von nun an die E-Mails, die dort eintreffen. Sie können diesen Tab schließen.',
    sharedConnectedWhat: (who) =>
      `Mailroom liest von nun an die E-Mails, die in diesem freigegebenen Postfach eintreffen, mit dem Zugriff von ${who}. Sie können diesen Tab schließen.`,
    approved: 'Mailroom ist für Ihre Organisation genehmigt',
    approvedWhat: 'Konten lassen sich ohne weitere Genehmigung verbinden. Sie können diesen Tab schließen.',
    organisation: 'Ihre Organisation',
    used: 'Dieser Link wurde schon verwendet',
    usedWhat: (address) =>
      `Ein Link zur Anmeldung gilt einmal. Steht ${address} nicht als angemeldet in der Liste, muss die Anmeldung neu begonnen werden.`,
    expired: 'Dieser Link ist abgelaufen',
    expiredWhat: (address) =>
      `Ein Link zur Anmeldung gilt einen Tag. Die Anmeldung an ${address} muss neu begonnen werden.`,
    removed: 'Dieses Konto wurde entfernt',
    removedWhat:
      'Es wurde entfernt, während Sie sich anmeldeten; es wurde nichts gespeichert. Wird es noch gebraucht, muss es neu hinzugefügt werden.',
    unknown: 'Diese Anmeldung ist nicht bekannt',
    unknownWhat:
      'Mailroom hat diese Anmeldung nicht begonnen, sie ist lange vorbei, oder ihr Konto wurde entfernt. Beginnen Sie sie in der Liste der Konten.',
    otherBrowser: 'Diese Anmeldung begann in einem anderen Browser',
    otherBrowserWhat: [
      'Ein Postfach wird nur in dem Browser verbunden, in dem „Verbinden“ gedrückt wurde. Deshalb wurde nichts gespeichert.',
      'Öffnen Sie den Link, den Sie erhalten haben, in diesem Browser, lassen Sie Cookies zu und drücken Sie dort „Verbinden“.',
    ],
    connectTitle: (address) => `${address} verbinden?`,
    connectAsked: (who) =>
      `${who} bittet darum, dieses Postfach mit Mailroom zu verbinden, wo ein Kundenservice dessen E-Mails bearbeitet.`,
    byKey: (name) => `Der API-Schlüssel „${name}“`,
    byOperator: 'Ein Betreiber von Mailroom',
    connectRead: (days) =>
      days === 0
        ? 'Gelesen werden alle E-Mails, die ab der Anmeldung im Posteingang eintreffen.'
        : `Gelesen werden alle E-Mails, die ab der Anmeldung im Posteingang eintreffen, und die ${days === 1 ? 'des Tages' : `der ${days} Tage`} davor.`,
    connectReadSince: (date) =>
      `Gelesen werden alle E-Mails, die seit dem ${date.toLocaleDateString('de', { dateStyle: 'long', timeZone: 'UTC' })} im Posteingang eingetroffen sind.`,
    connectSeen: (queue) =>
      `Sehen können sie alle, die in Mailroom arbeiten. Neue E-Mails warten dort in der Warteschlange „${queue}“, wenn keine Regel sie in eine andere legt.`,
    connectSends: 'Gesendet werden aus diesem Postfach die Antworten, die dort geschrieben werden.',
    connectChangesNothing: 'Im Postfach wird nichts geändert, und nichts wird daraus gesendet.',
    connectSharedAs: (who) =>
      `Es ist ein freigegebenes Postfach. ${who} meldet sich dafür auf der Seite von Microsoft an.`,
    connectAs: (who) => `Melden Sie sich auf der nächsten Seite, der von Microsoft, als ${who} an.`,
    connect: 'Verbinden',
    connectUnexpected: 'Wenn Sie das nicht erwartet haben, schließen Sie die Seite: Ohne „Verbinden“ geschieht nichts.',
    notYet: (address) => `${address} ist noch nicht verbunden`,
    not: (address) => `${address} wurde nicht verbunden`,
    connectedAlreadyWhat: (address, other) => [
      `${address} ist eine Adresse eines Postfachs, das als ${other} schon verbunden ist. Seine E-Mails werden dort eingereiht.`,
      `Verwenden Sie jenes Konto. Soll es ${address} heißen, melden Sie sich dort mit dieser Adresse neu an.`,
    ],
    other: 'Ein anderes Konto hat sich angemeldet',
    otherWhat: (expected) => [
      `Es hat sich ein anderes Konto als ${expected} angemeldet; es wurde nichts gespeichert.`,
      `Beginnen Sie neu und wählen Sie ${expected} auf der Seite von Microsoft. Meldet der Browser automatisch ein anderes Konto an, verwenden Sie ein privates Fenster.`,
    ],
    noAccessWhat: (who, address) => [
      `${who} hat sich angemeldet, darf aber das freigegebene Postfach ${address} nicht lesen; es wurde nichts gespeichert.`,
      `Bitten Sie einen Administrator von Microsoft 365, ${who} Vollzugriff (Lesen und Verwalten) zu geben. Es kann eine Stunde dauern, bis er gilt; beginnen Sie dann neu.`,
    ],
    failed: (type, reason) => [reason === undefined ? byType[type] : failureWordsDe[reason]],
    keptWhat: (_type, reason) => [
      `${kept[reason] ?? 'Mailroom ist noch nicht fertig.'} Microsoft hat Sie angemeldet, und Mailroom merkt sich das einige Minuten.`,
      'Laden Sie diese Seite gleich neu. Hilft das nicht, muss die Anmeldung neu begonnen werden.',
    ],
    traceId: (id) => `Trace-ID ${id}`,
    clockDiffers: clockDiffersDe,
    askAdministrator:
      'Die Administration von Mailroom kann die Anmeldung neu beginnen und Ihnen den neuen Link schicken.',
    toMicrosoft: 'Weiter zu Microsoft',
    goOn: 'Weiter zu Microsoft',
    startAgain: 'Neu beginnen',
    back: 'Zurück zu Mailroom',
  },
  signOn: {
    yourAccount: 'Ihr Konto',
    signInAgain: 'Neu anmelden',
    chooseAccount: 'Ein anderes Konto verwenden',
    signedOut: 'Sie sind von Mailroom abgemeldet',
    closeTab: 'Sie können diesen Tab schließen.',
    signOutThere: 'Auch beim Identitätsanbieter abmelden',
    confirmed: 'Ihre Anmeldung ist bestätigt',
    confirmedWhat: 'Wiederholen Sie die Änderung in dem Tab, aus dem Sie kommen. Diesen Tab können Sie schließen.',
    refusals: {
      'not-added': {
        title: 'Sie sind noch kein Benutzer von Mailroom',
        explanation: (who) =>
          `${who} hat sich angemeldet, aber diese Adresse ist noch nicht hinzugefügt. Bitten Sie die Administration von Mailroom darum (Verwaltung > Benutzer) und melden Sie sich dann neu an.`,
      },
      disabled: {
        title: 'Ihr Benutzer ist deaktiviert',
        explanation: (who) =>
          `${who} darf Mailroom zurzeit nicht verwenden. Bitten Sie die Administration von Mailroom, Sie zu aktivieren.`,
      },
      'other-person': {
        title: 'Diese Adresse gehört zu einer anderen Identität',
        explanation: (who) =>
          `${who} gehörte bisher zu einer anderen Identität beim Anbieter. Bitten Sie die Administration von Mailroom, jenen Benutzer zu entfernen und Sie hinzuzufügen.`,
      },
      'not-mapped': {
        title: 'Ihr Konto hat keine Rolle in Mailroom',
        explanation: (who) =>
          `${who} hat sich angemeldet, aber keine seiner Rollen oder Gruppen beim Identitätsanbieter berechtigt zu Mailroom. Bitten Sie dort die Administration um eine und melden Sie sich dann neu an.`,
      },
      'claim-left-out': {
        title: 'Der Identitätsanbieter nannte Ihre Gruppen oder Rollen nicht',
        explanation: (who) =>
          `${who} hat mehr Gruppen, als der Identitätsanbieter sendet oder Mailroom liest, oder die Abfrage UserInfo des Anbieters schlug fehl; deshalb ist nicht bekannt, was Sie dürfen. Die Administration des Identitätsanbieters kann App-Rollen zuweisen oder nur die Gruppen senden, die dieser Anwendung zugewiesen sind.`,
      },
      'signed-out-meanwhile': {
        title: 'Während der Anmeldung wurden Sie abgemeldet',
        explanation: () =>
          'Ihre Sitzungen wurden beendet, während Sie beim Identitätsanbieter waren. Melden Sie sich neu an.',
      },
      'other-step-up': {
        title: 'Eine andere Person hat sich angemeldet',
        explanation: (who) =>
          `${who} ist nicht der Benutzer, dessen Änderung zu bestätigen ist. Bestätigt wurde nichts. Melden Sie sich als der Benutzer an, der in Mailroom angemeldet ist.`,
      },
      'not-recent': {
        title: 'Der Identitätsanbieter hat keine frische Anmeldung bestätigt',
        explanation: () =>
          'Er hat nicht noch einmal oder anders als verlangt gefragt, oder er nennt den Zeitpunkt der Anmeldung nicht. Die Administration des Identitätsanbieters kann ihn die Angabe auth_time senden lassen.',
      },
      'other-tenant': {
        title: 'Sie haben sich mit einer anderen Organisation angemeldet',
        explanation: () => 'Melden Sie sich mit einem Konto der Organisation an, die Mailroom betreibt.',
      },
      'no-address': {
        title: 'Der Identitätsanbieter nannte keine bestätigte Adresse',
        explanation: () =>
          'Mailroom kennt seine Benutzer an der E-Mail-Adresse. Bitten Sie die Administration des Identitätsanbieters, eine bestätigte zu senden.',
      },
      declined: {
        title: 'Der Identitätsanbieter hat die Anmeldung abgelehnt',
        explanation: () =>
          'Sie haben abgebrochen, oder Ihr Konto ist dieser Anwendung nicht zugewiesen. Sollte es das sein, fragen Sie die Administration des Identitätsanbieters.',
      },
      'code-expired': { title: 'Die Anmeldung dauerte zu lange', explanation: () => 'Melden Sie sich neu an.' },
      'client-refused': {
        title: 'Der Identitätsanbieter weist Mailroom ab',
        explanation: () =>
          'Client-ID, Clientschlüssel oder Zertifikat sind falsch oder abgelaufen. Der Betrieb muss OIDC_CLIENT_ID und OIDC_CLIENT_SECRET oder OIDC_CLIENT_KEY berichtigen.',
      },
      'unusable-answer': {
        title: 'Die Antwort des Identitätsanbieters ist unbrauchbar',
        explanation: () => 'Melden Sie sich neu an. Bleibt es dabei, nennen Sie dem Betrieb die Referenz unten.',
      },
      'unknown-attempt': {
        title: 'Diese Anmeldung ist nicht bekannt',
        explanation: () =>
          'Sie dauerte länger als zehn Minuten, wurde schon verwendet oder begann in einem anderen Browser. Melden Sie sich neu an.',
      },
      'other-issuer': {
        title: 'Ein anderer Identitätsanbieter hat Sie geschickt',
        explanation: () => 'Mailroom nimmt von dort keine Anmeldungen an. Melden Sie sich stattdessen hier an.',
      },
    },
  },
};

const kept: Readonly<Record<string, string>> = {
  'temporal-down': 'Der Temporal-Server antwortet nicht.',
  'no-worker': 'Kein Worker hat rechtzeitig geantwortet.',
  'workflow-stuck': 'Der Workflow dieses Kontos kommt mit den laufenden Workern nicht weiter.',
  'namespace-missing': 'Temporal hat den Namespace von Mailroom nicht.',
  'workflow-ended': 'Der Workflow dieses Kontos wurde von außen beendet, bevor er antwortete.',
};
