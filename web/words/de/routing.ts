import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** German words of rules, and of trying them. */
export const routing: DeskWords['routing'] = {
  noQueue: 'Keine Warteschlange',
  lead: 'Es gilt die erste Regel, von der ein Stichwort im Betreff steht. Groß- und Kleinschreibung spielt keine Rolle.',
  rules: 'Regeln, der Reihe nach',
  addRule: 'Warteschlange hinzufügen',
  newQueue: 'Neue Warteschlange …',
  createQueue: 'Warteschlange anlegen',
  create: 'Anlegen',
  default: 'Standard-Warteschlange',
  defaultWhat:
    'Nimmt alles, worauf keine Regel passt. Ohne sie wird das erfasst und unten aufgeführt, in keiner Warteschlange.',
  queueOf: (position) => `Warteschlange der Regel ${position}`,
  keywordsOf: (position) => `Stichwörter der Regel ${position}`,
  keywords: 'Stichwort und Enter, oder Liste einfügen',
  noRules: 'Noch keine Regeln: Alles geht in die Standard-Warteschlange.',
  move: (position) => `Regel ${position} mit den Pfeiltasten verschieben`,
  moved: (position, all) => `Die Regel ist jetzt Nummer ${position} von ${all}.`,
  removeRule: (position) => `Regel ${position} entfernen`,
  ruleProblems: {
    empty: 'Braucht mindestens ein Stichwort.',
    'too-many': 'Fasst höchstens 100 Stichwörter. Legen Sie für die übrigen eine weitere Regel an.',
    'too-long': 'Ein Stichwort darf höchstens 200 Zeichen haben.',
  },
  mostRules: 'Ein Konto kann höchstens 200 Regeln haben. Regeln für dieselbe Warteschlange lassen sich zusammenfassen.',
  save: 'Verteilung speichern',
  discard: 'Änderungen verwerfen',
  unsaved: 'Nicht gespeichert',
  savedVersion: (version) => `Version ${version} ist gespeichert. Sie gilt ab der nächsten E-Mail.`,
  restored: (when: string) => `Ihre nicht gespeicherten Änderungen vom ${when} wurden wiederhergestellt.`,
  savedBy: (who?: string, when?: string) =>
    `${who ?? 'Jemand anderes'} hat diese Verteilung ${when === undefined ? 'inzwischen' : `am ${when}`} gespeichert:`,
  mergedWhat:
    'Ihre Änderungen wurden dazugenommen und sind noch nicht gespeichert. Sehen Sie sich die Regeln an, dann speichern Sie.',
  mergedAway: 'Sie haben keine ungespeicherten Änderungen mehr.',
  ruleNamed: (queue: string, keywords: readonly string[]) =>
    keywords.length === 0 ? queue : `${queue} (${keywords.slice(0, 3).join(', ')}${keywords.length > 3 ? ', …' : ''})`,
  edits: {
    defaultQueue: (queue: string) => `Die Standard-Warteschlange ist ${queue}.`,
    queue: (rule: string, queue: string) => `Die Regel ${rule} führt zu ${queue}.`,
    order: 'Die Reihenfolge der Regeln hat sich geändert.',
    keywords: (rule: string, added: readonly string[], removed: readonly string[]) =>
      `${[
        `Stichwörter von ${rule}:`,
        ...(added.length > 0 ? [`hinzugefügt ${added.map((keyword) => `„${keyword}“`).join(', ')}`] : []),
        ...(removed.length > 0 ? [`entfernt ${removed.map((keyword) => `„${keyword}“`).join(', ')}`] : []),
      ].join(' ')}.`,
    added: (rule: string) => `Die Regel ${rule} ist neu.`,
    removed: (rule: string) => `Die Regel ${rule} wurde entfernt.`,
    kept: 'Sie haben sie geändert, deshalb blieb sie erhalten.',
    back: (rule: string) => `Die Regel ${rule}, die Sie entfernt haben, wurde geändert. Sie steht wieder hier.`,
    overruled: 'Sie haben das ebenfalls geändert; Ihre Eingabe blieb erhalten.',
  },
  leaveWhat: 'Die Änderungen der Verteilung sind nicht gespeichert.',
  duplicateHere: (keyword) => `„${keyword}“ steht zweimal in dieser Regel.`,
  duplicate: (keyword, other) => `„${keyword}“ steht schon in Regel ${other}, die vorher gilt.`,
  shadowed: (keyword, earlier, other) =>
    `„${keyword}“ entscheidet nie: Regel ${other} nimmt vorher jeden Betreff mit „${earlier}“.`,
  tryTitle: 'Ausprobieren',
  tryWhat: 'Zeigt, wohin eine E-Mail mit den Regeln ginge, wie sie hier stehen, gespeichert oder nicht.',
  subject: 'Betreff',
  or: 'oder eine empfangene E-Mail wählen',
  received: 'Empfangene E-Mails',
  receivedNone: 'Es wurde noch nichts empfangen.',
  goesTo: 'Geht in',
  byRule: (position, keyword) => `Regel ${position}: Der Betreff enthält „${keyword}“.`,
  because: {
    'no-rule-matched': 'Keine Regel passt, also die Standard-Warteschlange.',
    'no-subject': 'Es gibt keinen Betreff, also die Standard-Warteschlange.',
    'no-rules': 'Es gibt keine Regeln, also die Standard-Warteschlange.',
  },
  noSubject: '(ohne Betreff)',
  rehearseTitle: 'Probelauf',
  rehearseWhat:
    'Was die Regeln, wie sie hier stehen, mit den letzten 500 E-Mails dieses Kontos gemacht hätten. Verschoben wird nichts.',
  rehearse: 'Probelauf starten',
  rehearseAgain: 'Noch einmal',
  rehearsalOld: 'Die Regeln wurden seither geändert. Starten Sie den Probelauf noch einmal.',
  moves: (moved, all) =>
    `${moved.toLocaleString('de')} von ${count(all, 'E-Mail wäre', 'E-Mails wären')} anderswohin gegangen.`,
  movesNone: (all) =>
    all === 1
      ? 'Die einzige E-Mail bliebe, wo sie ist.'
      : `Alle ${all.toLocaleString('de')} E-Mails blieben, wo sie sind.`,
  rehearsedSince: (when) => `Empfangen seit ${when}.`,
  movesTable: 'E-Mails, die anderswohin gegangen wären',
  wentTo: 'Ging an',
  wouldGoTo: 'Ginge an',
  why: 'Warum',
  to: 'nach',
  ruleNumber: (position) => `Regel ${position}`,
};
