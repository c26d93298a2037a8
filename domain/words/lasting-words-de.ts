/**
 * What hinders an account for ten minutes or longer, though it usually ends by itself, each with what to do about it, in
 * German: by the reason of the failure, or its type.
 */
export const lastingWordsDe: Readonly<Record<string, string>> = {
  'service-down':
    'Microsoft antwortet seit Längerem nicht. Prüfen Sie den Dienststatus von Microsoft 365 und ob dieser Server Microsoft erreicht. Mailroom versucht es weiter.',
  'rate-limited':
    'Microsoft bittet Mailroom seit Längerem zu warten. Sehen Sie nach, ob eine andere Anwendung dieses Postfach ständig liest; wenn nicht, fragen Sie den Support von Microsoft.',
  'budget-used-up':
    'Mailroom stellt für dieses Postfach seit Längerem so viele Anfragen, wie Microsoft erlaubt. Sehen Sie sich die Abrufe des Kontos an: Ein großer Rückstand braucht seine Zeit; wird immer wieder dasselbe gelesen, fragen Sie den Support.',
  'mailbox-held':
    'Ein anderer Worker hält dieses Postfach seit Längerem. Prüfen Sie, ob ein Worker hängt, und starten Sie ihn neu.',
  'sync-state-lost':
    'Das Postfach wird seit Längerem neu gelesen. Sehen Sie sich die Abrufe des Kontos an; lesen sie keine Seiten, prüfen Sie das Protokoll der Worker.',
  'subscription-refused': 'Microsoft meldet seit Längerem keine neuen E-Mails dieses Postfachs. Es wird abgefragt.',
  SubscriptionRefused: 'Microsoft meldet seit Längerem keine neuen E-Mails dieses Postfachs. Es wird abgefragt.',
  Throttled:
    'Microsoft bittet Mailroom seit Längerem zu warten. Sehen Sie nach, ob eine andere Anwendung dieses Postfach ständig liest; wenn nicht, fragen Sie den Support von Microsoft.',
  Unavailable:
    'Ein Dienst, den Mailroom braucht, antwortet seit Längerem nicht. Prüfen Sie /readyz und das Protokoll der Worker.',
  CursorExpired:
    'Das Postfach wird seit Längerem neu gelesen. Sehen Sie sich die Abrufe des Kontos an; lesen sie keine Seiten, prüfen Sie das Protokoll der Worker.',
};

/** Beside a mailbox that was not found for hours. */
export const goneForGoodDe = 'Kommt das Postfach nicht zurück, entfernen Sie das Konto hier.';
