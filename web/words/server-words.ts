import { failureWordsDe } from '../../domain/words/failure-words-de.ts';
import { healthWordsDe } from '../../domain/words/health-words-de.ts';
import { goneForGoodDe, lastingWordsDe } from '../../domain/words/lasting-words-de.ts';
import { outcomeWordsDe } from '../../domain/words/outcome-words-de.ts';
import { problemWordsDe, valueWordsDe } from '../../domain/words/problem-words-de.ts';
import type { RefusalFacts, RefusedValue } from '../../domain/words/refusal-facts.ts';

export type ProblemWordsOf = Readonly<Record<string, string | ((refusal: RefusalFacts) => string)>>;

type Details = Readonly<Record<string, unknown>>;

/**
 * The API's English words in another language, by the names that the API sends with them. Missing ones, as after an
 * update of the API, are shown in English.
 */
export interface ServerWordsOf {
  /** Refusals by their reason; those of the pages where mail is worked on come with their words. */
  readonly problems: ProblemWordsOf;
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
  /** How new mail is found, by the reason of the delivery. */
  readonly delivery: Readonly<Record<string, string>>;
  /** Outcomes of messages that had been missing; `captured-later`: out of the quarantine. */
  readonly differences: Readonly<Record<string, string>>;
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
  problems: problemWordsDe,
  outcomes: outcomeWordsDe,
  values: valueWordsDe,
};
