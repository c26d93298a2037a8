import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Words of users who come from an identity provider, in German. */
export const provisioning: DeskWords['provisioning'] = {
  title: 'Bereitstellung',
  lead: 'Ihr Identitätsanbieter (Entra, Okta) legt Personen an und deaktiviert, wer das Unternehmen verlässt: über SCIM 2.0.',
  make: 'Schlüssel für die Bereitstellung anlegen',
  nameHint: 'Des Identitätsanbieters, etwa „Entra“. Ein Name wird nicht zweimal vergeben.',
  address: 'Adresse für den Identitätsanbieter',
  people: (n, inactive) =>
    n === 0
      ? 'Von dort kommen noch keine Personen.'
      : `${count(n, 'Person kommt', 'Personen kommen')} von dort, ${inactive === 0 ? 'alle aktiv' : `${inactive.toLocaleString('de')} davon dort deaktiviert`}.`,
  lastRequest: 'Letzte Anfrage:',
  keys: 'Schlüssel',
  noKeys: 'Noch keine. Der Identitätsanbieter braucht einen, als geheimes Token.',
  may: 'Nur die Bereitstellung von Personen',
  newPeople: 'Neue Personen',
  newPeopleWhat:
    'Was Personen bekommen, die der Identitätsanbieter anlegt. Zu Administratoren werden sie nur unter Benutzer.',
  profile: 'Sicherheitsprofil neuer Personen',
  allQueues: 'Sehen alle Warteschlangen (sonst die ihrer Teams)',
  groups: 'Gruppen',
  noGroups: 'Noch keine. Hier stehen die Gruppen, die Sie beim Identitätsanbieter Mailroom zuweisen.',
  groupsWhat:
    'Wer zur Gruppe gehört, kommt in ihr Team und verlässt es mit ihr, außer eine weitere Gruppe oder ein unter Anmeldung zugeordneter Wert nennt es ebenfalls. Ohne Team bleibt eine Gruppe ohne Wirkung.',
  group: 'Gruppe',
  team: 'Team',
  teamOf: (name) => `Team der Gruppe ${name}`,
  noTeam: 'Kein Team',
  states: {
    active: 'vom Identitätsanbieter',
    inactive: 'beim Identitätsanbieter deaktiviert',
    deleted: 'beim Identitätsanbieter gelöscht',
  },
  inactiveWhat: 'Beim Identitätsanbieter deaktiviert. Aktivieren Sie die Person dort.',
  keptWhat: 'Der Identitätsanbieter würde diese Person wieder anlegen. Nehmen Sie sie zuerst dort heraus.',
};
