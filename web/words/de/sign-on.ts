import type { DeskWords } from '../en/desk.ts';

export const signOn: DeskWords['signOn'] = {
  title: 'Anmeldung',
  lead: 'Was der Identitätsanbieter über Personen entscheidet und wann er sie noch einmal fragt.',
  mapping: 'Profile vom Identitätsanbieter',
  mappingWhat:
    'Ordnet App-Rollen oder Gruppen bei jeder Anmeldung Sicherheitsprofile und Teams zu. Solange eine Angabe eingetragen ist, gilt ein von Hand gesetztes Profil nur bis zur nächsten Anmeldung der Person. Der letzte Administrator behält sein Profil.',
  claim: 'Angabe (Claim)',
  claimWhat:
    'Worin der Anbieter sie sendet, etwa roles (für Entra empfohlen), groups oder realm_access.roles. Leer: Profile werden von Hand gesetzt.',
  values: 'Werte',
  valuesWhat:
    'Werden genau verglichen. Es gelten das höchste Profil und alle Teams. Gruppen von Entra heißen nach ihrer Objekt-ID.',
  value: 'Wert',
  profile: 'Profil',
  team: 'Team',
  noTeam: 'Kein Team',
  add: 'Wert hinzufügen',
  remove: (value) => (value === '' ? 'Diesen Wert entfernen' : `${value} entfernen`),
  unmatched: 'Personen ohne einen dieser Werte',
  unmatchedWhat: 'Gilt für Personen, die als Benutzer angelegt sind.',
  refused: 'Werden abgewiesen',
  addsPeople: 'Personen mit einem dieser Werte bei ihrer ersten Anmeldung hinzufügen',
  stepUp: 'Frische Anmeldung',
  stepUpWhat:
    'Vor Änderungen an Einstellungen, Benutzern, Teams, API-Schlüsseln, Aufbewahrung oder Löschung fragt der Identitätsanbieter noch einmal, wer es ist. API-Schlüssel werden nicht gefragt: Begrenzen Sie sie durch Ablauf, Rechte und Adressen.',
  minutes: 'Wie lange eine Anmeldung als frisch gilt, in Minuten',
  minutesWhat:
    'Von 2 bis 1.440. Leer: Es wird nicht gefragt. Zum Einschalten bestätigen Sie einmal, dass Ihr Anbieter es kann.',
  acr: 'Art der Anmeldung (acr)',
  acrWhat: 'So, wie der Anbieter sie nennt, etwa für einen zweiten Faktor. Leer: jede.',
  noMinutes: 'Geben Sie eine ganze Zahl von Minuten von 2 bis 1.440 ein oder nichts.',
  byProvider: (values) =>
    values.length === 0
      ? 'Bei der letzten Anmeldung: kein zugeordneter Wert'
      : `Bei der letzten Anmeldung: ${values.join(', ')}`,
  saveAnyway: 'Trotzdem speichern',
  save: 'Speichern',
  saved: 'Die Einstellungen der Anmeldung sind gespeichert.',
  unsaved: 'Die Einstellungen der Anmeldung sind geändert und nicht gespeichert.',
};
