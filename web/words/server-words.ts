import { failureWordsDe } from '../../domain/words/failure-words-de.ts';
import { healthWordsDe } from '../../domain/words/health-words-de.ts';
import { goneForGoodDe, lastingWordsDe } from '../../domain/words/lasting-words-de.ts';
import { outcomeWordsDe } from '../../domain/words/outcome-words-de.ts';
import {
  problemWordsDe,
  type RefusalFacts,
  type RefusedValue,
  valueWordsDe,
} from '../../domain/words/problem-words-de.ts';
import { type FindingWords, findingWordsDe } from './finding-words.ts';

type Details = Readonly<Record<string, unknown>>;

/**
 * The API's English words in another language, by the names that the API sends with them. Missing ones, as after an
 * update of the API, are shown in English.
 */
export interface ServerWordsOf {
  /** Refusals by their reason. */
  readonly problems: Readonly<Record<string, string | ((refusal: RefusalFacts) => string)>>;
  /** What is known about the changes of a refused request. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** What is wrong with a value, by its reason. */
  readonly values: Readonly<Record<string, string | ((value: RefusedValue) => string)>>;
  /** Causes by the reason of a failure, each with its next step. */
  readonly reasons: Readonly<Record<string, string>>;
  /** The same by the type of a failure, for those without a reason. */
  readonly types: Readonly<Record<string, string>>;
  /** The health of a component, by the API's names. */
  readonly health: (component: string, reason: string, facts: Details) => string | undefined;
  /** For conditions that usually end without help but have not: by the same names. */
  readonly lasting: Readonly<Record<string, string>>;
  /** For a mailbox that has not been found for hours. */
  readonly goneForGood: string;
  readonly events: Readonly<
    Record<string, string | ((details: Details, reasonWords: (reason: string) => string) => string)>
  >;
  /** How new mail is found, by the reason of the delivery. */
  readonly delivery: Readonly<Record<string, string>>;
  /** Outcomes of messages that had been missing; `captured-later`: out of the quarantine. */
  readonly differences: Readonly<Record<string, string>>;
  /** What a check of the global properties found, by its code. */
  readonly findings: Readonly<Record<string, FindingWords>>;
}

export const serverWordsDe: ServerWordsOf = {
  types: {
    Throttled: 'Microsoft hat Mailroom gebeten zu warten. Danach geht es automatisch weiter.',
    Unavailable:
      'Ein Dienst, den Mailroom braucht, antwortet nicht. Mailroom versucht es automatisch erneut. Bleibt es dabei, prüfen Sie /readyz.',
    CredentialRejected: 'Microsoft nimmt die Anmeldung des Kontos nicht mehr an. Melden Sie sich neu an.',
    AccessRefused: failureWordsDe['token-refused'],
    SettingsRejected:
      'Microsoft nimmt die allgemeinen Einstellungen nicht an. Prüfen Sie sie unter Konfiguration > E-Mail.',
    MailboxGone: 'Microsoft findet das Postfach nicht. Prüfen Sie es in Microsoft 365.',
    CursorExpired: 'Microsoft weiß nicht mehr, was schon gelesen war. Mailroom liest das Postfach neu.',
    MessageRejected:
      'Die E-Mail konnte nicht erfasst werden. Öffnen Sie sie in Outlook und versuchen Sie es dann erneut.',
    SubscriptionRefused:
      'Microsoft lehnt es ab, neue E-Mails dieses Postfachs zu melden. Es wird abgefragt; zu tun ist nichts.',
    InvalidTransition: 'Der Zustand des Kontos lässt das nicht zu. Sehen Sie sich das Konto noch einmal an.',
  },
  reasons: failureWordsDe,
  health: healthWordsDe,
  lasting: lastingWordsDe,
  goneForGood: goneForGoodDe,
  events: {
    'account.added': ({ backfillDays, mailbox }) => {
      const added = mailbox === 'shared' ? 'Als freigegebenes Postfach hinzugefügt' : 'Hinzugefügt';
      if (typeof backfillDays !== 'number' || backfillDays === 0) return `${added}.`;
      return `${added}, mit den E-Mails ${backfillDays === 1 ? 'des letzten Tages' : `der letzten ${backfillDays} Tage`}.`;
    },
    'account.sign-in-started': 'Eine Anmeldung wurde begonnen.',
    'account.sign-in-expired': 'Der Anmeldelink lief ab, bevor sich jemand angemeldet hat.',
    'account.sign-in-refused': ({ reason }, reasonWords) => `Eine Anmeldung misslang. ${reasonWords(String(reason))}`,
    'account.sign-in-needed': ({ reason }, reasonWords) =>
      reasonWords(String(reason)) || 'Microsoft nimmt die Anmeldung des Kontos nicht mehr an.',
    'account.sign-in-restored':
      'Microsoft nimmt die gespeicherte Anmeldung wieder an: E-Mails werden gelesen, ohne dass sich jemand anmelden musste.',
    'account.authenticated': 'Angemeldet: Das Postfach ist verbunden.',
    'account.address-changed': 'Das Konto hat ab jetzt eine andere Adresse oder Art. Es ist dasselbe Postfach.',
    'account.paused': 'Deaktiviert: E-Mails werden nicht verteilt.',
    'account.resumed': ({ mode }) =>
      mode === 'from-now'
        ? 'Aktiviert: E-Mails werden von jetzt an verteilt.'
        : 'Aktiviert: E-Mails, die währenddessen eintrafen, werden nachgeholt.',
    'account.resynced': ({ reason }) =>
      reason === 'filter-full'
        ? 'Microsoft gibt zuerst höchstens 5.000 E-Mails heraus; der Rest wird jetzt gelesen. Nichts wird doppelt verteilt.'
        : reason === 'differences-found'
          ? 'Neu gelesen, weil Microsoft E-Mails nicht gemeldet hatte, die im Postfach liegen. Nichts wird doppelt verteilt.'
          : 'Von vorn gelesen, weil Microsoft nicht mehr weiß, was schon gelesen war. Nichts wird doppelt verteilt.',
    'account.push-started': 'Microsoft meldet von nun an neue E-Mails.',
    'account.push-failed': ({ reason }, reasonWords) =>
      `Microsoft meldet keine neuen E-Mails, deshalb wird das Postfach abgefragt. ${reasonWords(String(reason))}`.trim(),
    'account.rest-changed': ({ restsWhenQuiet }) =>
      restsWhenQuiet
        ? 'Wird seltener abgefragt, solange keine E-Mails kommen.'
        : 'Wird auch dann im normalen Takt abgefragt, wenn keine E-Mails kommen.',
    'account.mailbox-full':
      'Das Postfach ist voll: Microsoft meldet keine Änderungen mehr. Neue E-Mails findet Mailroom über die Liste des Posteingangs.',
    'account.mailbox-has-room': 'Das Postfach hat wieder Platz: Microsoft meldet seine Änderungen.',
    'account.delta-set-aside': ({ reason }, reasonWords) => reasonWords(String(reason)),
    'account.delta-resumed': 'Microsoft meldet wieder Änderungen des Postfachs.',
    'account.comparison-requested': 'Ein Vergleich von Postfach und Mailroom wurde angefordert.',
    'account.differences-found': (details) => `Das Postfach wurde mit Mailroom verglichen. ${missingWords(details)}`,
    'account.routing-changed': ({ version, rules }) =>
      `Verteilung geändert: Version ${version}, ${rules === 1 ? 'eine Regel' : `${rules} Regeln`}.`,
    'account.unqueued-routed': 'E-Mails, die in keiner Warteschlange lagen, wurden neu verteilt.',
    'account.quarantine-retried': 'Eine E-Mail in Quarantäne wird noch einmal versucht.',
    'account.workflow-renewed':
      'Sein Workflow in Temporal kam nicht weiter und wurde aus dem Gespeicherten neu begonnen. Nichts geht verloren, nichts wird doppelt verteilt.',
    'account.sending-changed': ({ enabled }) =>
      enabled
        ? 'Aus diesem Postfach dürfen Antworten gesendet werden.'
        : 'Aus diesem Postfach dürfen keine Antworten mehr gesendet werden.',
    'answer.taken-over': 'Der Entwurf einer Antwort wurde von einer anderen Person übernommen.',
    'answer.retried': ({ after }) =>
      after === 'unknown'
        ? 'Eine Antwort, deren Versand ungewiss war, wurde noch einmal gesendet.'
        : 'Eine Antwort, die nicht gesendet wurde, wurde noch einmal versucht.',
    'answer.marked-sent': 'Eine Antwort, deren Versand ungewiss war, wurde unter den gesendeten Elementen gefunden.',
    'answer.discarded': 'Eine Antwort, deren Versand nicht sicher war, wurde verworfen.',
    'account.removed': 'Entfernt.',
    'item.taken-back': 'Eine übernommene E-Mail wurde zurückgeholt.',
    'item.parked': ({ reason }) =>
      reason === 'customer'
        ? 'Eine E-Mail wurde zurückgestellt, bis der Kunde schreibt.'
        : 'Eine E-Mail wurde auf später zurückgestellt.',
    'item.unparked': 'Eine zurückgestellte E-Mail wurde wieder in ihre Warteschlange gelegt.',
    'item.moved': ({ to, person }) =>
      to === undefined
        ? person === undefined
          ? 'Eine E-Mail wurde wieder allen Agenten ihrer Warteschlange gegeben.'
          : 'Eine E-Mail wurde einer Person gegeben.'
        : `Eine E-Mail wurde in eine andere Warteschlange verschoben${person === undefined ? '' : ', für eine Person'}.`,
    'item.separated': 'Eine E-Mail wurde von der getrennt, mit der sie bearbeitet wurde.',
    'item.reopened': 'Eine erledigte E-Mail wurde wieder geöffnet.',
    'item.reopened-by-mail': 'Eine erledigte E-Mail wurde wieder geöffnet, weil der Kunde schrieb.',
    'item.tagged': 'Die Schlagwörter einer E-Mail wurden geändert.',
  },
  delivery: {
    subscribed: 'Microsoft meldet Mailroom neue E-Mails.',
    'not-connected': 'Das Konto ist noch nicht angemeldet, deshalb wird nichts gelesen.',
    'sign-in-needed': 'Bis zur nächsten Anmeldung wird nichts gelesen.',
    paused: 'Das Konto ist deaktiviert, deshalb wird nichts gelesen.',
    hindered: 'Im Moment lässt sich nichts lesen.',
    'mailbox-full': 'Das Postfach ist voll; neue E-Mails findet Mailroom über die Liste des Posteingangs.',
    listed:
      'Microsoft meldet keine Änderungen dieses Postfachs; neue E-Mails findet Mailroom über die Liste des Posteingangs.',
    'shared-mailbox': 'Für freigegebene Postfächer meldet Microsoft keine neuen E-Mails.',
    'no-public-address':
      'Microsoft erreicht diese Installation nicht. Setzen Sie PUBLIC_URL (oder NOTIFICATION_URL) auf eine Adresse mit https, die von außen erreichbar ist.',
    starting: 'Wird abgefragt, bis Microsoft die Meldungen eingerichtet hat.',
    'endpoint-not-reached':
      'Microsoft erreicht die Adresse nicht, an die es neue E-Mails melden soll. Prüfen Sie sie von außen.',
    'subscription-refused':
      'Microsoft meldet für dieses Postfach keine neuen E-Mails. Später wird noch einmal gefragt.',
    failed: 'Die Meldungen ließen sich nicht einrichten. Es wird wieder versucht.',
  },
  differences: {
    captured: 'Fehlte und ist jetzt erfasst.',
    quarantined: 'Fehlte und ließ sich nicht erfassen.',
    gone: 'Fehlte und verließ das Postfach, bevor sie gelesen werden konnte.',
    'captured-later': 'Fehlte und wurde später erfasst.',
  },
  findings: findingWordsDe,
  problems: problemWordsDe,
  outcomes: outcomeWordsDe,
  values: valueWordsDe,
};

/** Outcomes of messages that a reconciliation found missing. */
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
