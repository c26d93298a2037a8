type Details = Readonly<Record<string, unknown>>;

/** Events of accounts and items by the API's names; `reasonWords`: the cause that an event names. */
export type EventWordsOf = Readonly<
  Record<string, string | ((details: Details, reasonWords: (reason: string) => string) => string)>
>;

export const eventWordsDe: EventWordsOf = {
  'account.added': ({ backfillDays, mailbox, access }) => {
    const manner = access === 'application' ? 'Mit Anwendungszugriff hinzugefügt' : 'Hinzugefügt';
    const added = mailbox === 'shared' ? 'Als freigegebenes Postfach hinzugefügt' : manner;
    if (typeof backfillDays !== 'number' || backfillDays === 0) return `${added}.`;
    return `${added}, mit den E-Mails ${backfillDays === 1 ? 'des letzten Tages' : `der letzten ${backfillDays} Tage`}.`;
  },
  'account.access-changed': ({ access }) =>
    access === 'application'
      ? 'Das Postfach wird ab jetzt mit den eigenen Rechten der Anwendung gelesen; die gespeicherte Anmeldung wurde gelöscht.'
      : 'Das Postfach wird ab jetzt mit den Rechten der Person gelesen, die sich angemeldet hat.',
  'account.sign-in-started': 'Eine Anmeldung wurde begonnen.',
  'account.sign-in-expired': 'Der Anmeldelink lief ab, bevor sich jemand angemeldet hat.',
  'account.sign-in-refused': ({ reason }, reasonWords) => `Eine Anmeldung misslang. ${reasonWords(String(reason))}`,
  'account.sign-in-needed': ({ reason }, reasonWords) =>
    reasonWords(String(reason)) || 'Microsoft nimmt die Anmeldung des Kontos nicht mehr an.',
  'account.sign-in-restored':
    'Microsoft nimmt die gespeicherte Anmeldung wieder an: E-Mails werden gelesen, ohne dass sich jemand anmelden musste.',
  'account.ended-by-owner':
    'Wem das Postfach gehört, hat das Lesen beendet: Es ist deaktiviert, und seine Anmeldung wurde gelöscht. Nur eine neue Anmeldung verbindet es wieder.',
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
  'account.workflow-ended':
    'Sein Workflow wurde in Temporal beendet: dort abgebrochen oder zurückgesetzt, oder gescheitert. Er läuft in einem neuen Lauf weiter. Nichts geht verloren, nichts wird doppelt verteilt.',
  'account.sending-changed': ({ enabled }) =>
    enabled
      ? 'Aus diesem Postfach dürfen Antworten gesendet werden.'
      : 'Aus diesem Postfach dürfen keine Antworten mehr gesendet werden.',
  'hold.placed': 'Eine Sperre wurde gesetzt: Die E-Mails werden nicht gelöscht.',
  'hold.lifted': 'Eine Sperre wurde aufgehoben: Die E-Mails dürfen wieder gelöscht werden.',
  'erasure.requested': 'Die Löschung der E-Mails wurde angefordert.',
  'erasure.finished': ({ messages }) =>
    `Die angeforderte Löschung ist ausgeführt: ${messages === 1 ? 'eine E-Mail' : `${messages} E-Mails`} gelöscht.`,
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
  'item.offered': 'Eine E-Mail wurde dieser Person angeboten.',
  'item.offer-accepted': 'Eine angebotene E-Mail wurde angenommen.',
  'item.offer-declined': 'Eine angebotene E-Mail wurde abgelehnt und ging weiter.',
  'item.offer-missed':
    'Eine angebotene E-Mail blieb ohne Antwort und ging weiter; die Person wurde auf abwesend gestellt.',
  'item.offer-withdrawn': 'Ein Angebot endete, weil die Person abwesend wurde oder die E-Mail woanders hinkam.',
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
