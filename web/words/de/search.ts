import type { DeskWords } from '../en/desk.ts';

export const search: DeskWords['search'] = {
  title: 'Suche',
  field: 'Alle E-Mails durchsuchen',
  placeholder: 'Wörter, Namen, Nummern',
  hint: 'Alle Wörter müssen vorkommen. „in dieser Folge“, -\u2060ohne, Wort*, von:, an:, betreff: und datei: grenzen die Suche ein.',
  clear: 'Suche leeren',
  filters: 'Filter',
  queue: 'Warteschlange',
  anyQueue: 'Jede Warteschlange',
  state: 'Zustand',
  anyState: 'Jeder Zustand',
  time: 'Eingegangen',
  anyTime: 'Jederzeit',
  times: {
    day: 'In den letzten 24 Stunden',
    week: 'In den letzten 7 Tagen',
    month: 'In den letzten 30 Tagen',
    year: 'Im letzten Jahr',
  },
  withAttachments: 'Mit Anhängen',
  own: 'Von mir übernommen oder erledigt',
  order: 'Reihenfolge',
  orders: { relevance: 'Beste Treffer', newest: 'Neueste zuerst' },
  removeFilter: (filter) => `Filter ${filter} entfernen`,
  results: 'Treffer',
  found: (shown, hasMore) =>
    shown === 0
      ? hasMore
        ? 'Noch nichts gefunden'
        : 'Nichts gefunden'
      : `${shown}${hasMore ? ' oder mehr' : ''} ${shown === 1 && !hasMore ? 'E-Mail' : 'E-Mails'} gefunden`,
  searchedTo: (moment) => `Durchsucht bis zurück zum ${moment}; ältere E-Mails sind noch nicht durchsucht.`,
  searchOlder: 'Ältere E-Mails durchsuchen',
  none: 'Nichts gefunden',
  noneWhat: 'Prüfen Sie die Schreibweise, lassen Sie ein Wort weg, oder entfernen Sie einen Filter.',
  begin: 'Jede E-Mail wiederfinden',
  beginWhat: 'Über Wörter im Betreff oder Text, Absender, Empfänger, Nummern oder den Namen eines Anhangs.',
  respelled: (question, other) => `Nichts passt zu „${question}“. Diese Treffer passen zu „${other}“.`,
  notIndexed: (n) =>
    n >= 10_000
      ? 'Mehr als 10.000 E-Mails sind noch nicht durchsuchbar; das wird gerade nachgeholt.'
      : `${n.toLocaleString('de')} ${n === 1 ? 'E-Mail ist' : 'E-Mails sind'} noch nicht durchsuchbar; das wird gerade nachgeholt.`,
  byRank: 'Die besten unter den neuesten 300 Treffern. „Neueste zuerst“ zeigt alle.',
};
