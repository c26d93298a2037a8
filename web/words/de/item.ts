import type { DeskWords } from '../en/desk.ts';

/** German words of an item: its state, why it is in its queue. */
export const item: DeskWords['item'] = {
  why: 'Warum ist das hier?',
  byRule: (position, keyword) => `Regel ${position} passt: Der Betreff enthält „${keyword}“.`,
  inNoQueue: {
    'no-default-queue':
      'Keine Regel passt, und das Konto hat keine Standard-Warteschlange. Die E-Mail liegt in keiner Warteschlange.',
    'default-queue-removed':
      'Keine Regel passt, und die Standard-Warteschlange wurde entfernt. Die E-Mail liegt in keiner Warteschlange.',
  },
  ruleQueueRemoved: (position) =>
    `${position === undefined ? 'Eine Regel' : `Regel ${position}`} passt, aber ihre Warteschlange wurde entfernt. Die E-Mail liegt in keiner Warteschlange.`,
  byOther: 'Das hat eine neuere Version von Mailroom entschieden, auf eine Weise, die diese nicht kennt.',
  because: {
    'no-rule-matched': 'Keine Regel passt auf den Betreff, also die Standard-Warteschlange.',
    'no-subject': 'Die E-Mail hat keinen Betreff, also die Standard-Warteschlange.',
    'no-rules': 'Das Konto hat keine Regeln, also geht alles in die Standard-Warteschlange.',
  },
  version: (version) => `Entschieden durch Version ${version} der Verteilung.`,
  received: 'Empfangen',
  sent: 'Gesendet',
  account: 'Konto',
  queue: 'Warteschlange',
  messageId: 'Message-ID',
  more: (n) => `und ${n} weitere`,
  headers: 'Alle Kopfzeilen',
  attachments: 'Anhänge',
  cameAgain: (moment: string) =>
    `Kam am ${moment} unter anderer Kennung noch einmal (hinaus- und hereinbewegt, wiederhergestellt oder neu verbunden) und wurde nicht erneut eingereiht.`,
  attachmentsScanned: 'Microsoft prüft die Anhänge dieser E-Mail noch. Mailroom zeigt sie, sobald das geschehen ist.',
  attachmentsUnread:
    'Microsoft konnte die Anhänge dieser E-Mail nicht nennen. Mailroom versucht es automatisch erneut; bis dahin öffnen Sie sie in Outlook.',
  body: 'Nachricht',
  contentDeleted: (moment) =>
    `Diese E-Mail wurde${moment === null ? '' : ` am ${moment}`} in Mailroom gelöscht. Was aus ihr wurde, bleibt vermerkt; liegt sie noch im Postfach, finden Sie sie dort.`,
  frame: 'Text der E-Mail',
  asText: 'Als Text zeigen',
  asHtml: 'Formatiert zeigen',
  tooComplex:
    'Die formatierte Nachricht ist zu groß oder zu tief verschachtelt, um sie sicher zu zeigen. Dies ist ihr Text.',
  unreadable: 'Die formatierte Nachricht konnte nicht sicher gezeigt werden. Dies ist ihr Text.',
  noText: 'Die Nachricht hat keinen Text.',
  textForms: {
    cut: 'Dies ist der Anfang eines sehr langen Textes. Der Rest wird nicht gezeigt; in Outlook ist er zu lesen.',
    bare: 'Die Nachricht ließ sich nicht so in Text umwandeln, wie sie geschrieben wurde. Dies sind ihre ersten Wörter ohne Anordnung; in Outlook ist alles zu sehen.',
  },
  claim: 'Übernehmen',
  claimed: 'Die E-Mail ist für Sie reserviert.',
  holdLonger: 'Länger behalten',
  release: 'Zurückgeben',
  complete: 'Erledigt',
  released: 'Die E-Mail wartet wieder.',
  completed: 'Die E-Mail ist erledigt.',
  until: (when) => `reserviert bis ${when}`,
  left: (minutes) => (minutes < 1 ? 'noch weniger als eine Minute' : `noch ${minutes} Min.`),
  heldUntil: (when) => `Die E-Mail ist für Sie reserviert bis ${when}.`,
  endsSoon:
    'Ihre Reservierung endet in weniger als einer Minute. Behalten Sie die E-Mail länger, wenn Sie noch nicht fertig sind.',
  expired: (when) =>
    `Ihre Reservierung endete am ${when}, deshalb wartet die E-Mail wieder. Erledigen können Sie sie noch, bis jemand anders sie übernimmt.`,
  takenBack: (who, when) => `${who ?? 'Jemand'} hat die E-Mail am ${when} zurückgeholt. Sie wartet wieder.`,
  completedBy: (who, when) => `von ${who} am ${when}`,
};
