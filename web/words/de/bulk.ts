import type { DeskWords } from '../en/desk.ts';

const accounts = (n: number) => (n === 1 ? 'Konto' : `${n.toLocaleString('de')} Konten`);

/** Words of what is done with several accounts at once, in German. */
export const bulk: DeskWords['bulk'] = {
  changeQueue: 'Warteschlange ändern',
  selectEvery: (n) => `Alle ${n.toLocaleString('de')} auswählen`,
  selected: (n) => `${n === 1 ? '1 Konto' : accounts(n)} ausgewählt`,
  clear: 'Auswahl aufheben',
  waiting: 'ausstehend',
  retry: 'Fehlgeschlagene erneut versuchen',
  progress: (done, all) => `${done.toLocaleString('de')} von ${all.toLocaleString('de')} erledigt`,
  finished: 'Fertig',
  notAll: 'Nicht alle Konten wurden geändert',
  failed: 'nicht geändert',
  disablingWhat:
    'Ihre E-Mails werden nicht verteilt, bis sie wieder aktiviert werden. Was in Warteschlangen wartet, bleibt dort.',
  disabling: {
    title: (n) => (n === 1 ? 'Dieses Konto deaktivieren?' : `${accounts(n)} deaktivieren?`),
    underWay: (n) => (n === 1 ? 'Das Konto wird deaktiviert …' : `${accounts(n)} werden deaktiviert …`),
    changed: (n) => (n === 1 ? 'Das Konto ist deaktiviert' : `${accounts(n)} sind deaktiviert`),
    confirm: (n) => `${accounts(n)} deaktivieren`,
    working: 'wird deaktiviert',
    done: 'deaktiviert',
  },
  enabling: {
    title: (n) => (n === 1 ? 'Dieses Konto aktivieren?' : `${accounts(n)} aktivieren?`),
    underWay: (n) => (n === 1 ? 'Das Konto wird aktiviert …' : `${accounts(n)} werden aktiviert …`),
    changed: (n) => (n === 1 ? 'Das Konto ist aktiviert' : `${accounts(n)} sind aktiviert`),
    confirm: (n) => `${accounts(n)} aktivieren`,
    working: 'wird aktiviert',
    done: 'aktiviert',
  },
  changingQueue: {
    title: (n) =>
      n === 1 ? 'Die Warteschlange dieses Kontos ändern?' : `Die Warteschlange von ${accounts(n)} ändern?`,
    underWay: (n) =>
      n === 1 ? 'Die Warteschlange wird geändert …' : `Die Warteschlange von ${accounts(n)} wird geändert …`,
    changed: 'Die Verteilung ist geändert',
    confirm: (n) => `${accounts(n)} ändern`,
    from: 'E-Mails, die hierhin gehen',
    anyDefault: 'Standard-Warteschlange des jeweiligen Kontos',
    to: 'gehen ab jetzt hierhin',
    what: 'Regeln behalten ihre Stichwörter und ihre Reihenfolge. Was in Warteschlangen wartet, bleibt dort.',
    working: 'wird geändert',
    done: 'geändert',
    unchanged: 'nichts zu ändern',
  },
};
