import type { DeskWords } from '../en/desk.ts';

/** Words of certificates that take the place of the client secret, in German. */
export const certificates: DeskWords['certificates'] = {
  title: 'Zertifikate statt eines Schlüssels',
  lead: 'Der private Schlüssel bleibt in Mailroom. Erstellen Sie ein Zertifikat, laden Sie es herunter, in Entra unter „Zertifikate & Geheimnisse > Zertifikate“ hoch, und wählen Sie es oben aus: Es wird geprüft, bevor es gespeichert wird, und was es ersetzt, bleibt eine Stunde daneben in Gebrauch.',
  make: 'Zertifikat erstellen',
  made: 'Das Zertifikat ist erstellt. Laden Sie es herunter und in Entra hoch.',
  ofFile: 'Aus den Dateien:',
  uses: { 'in-use': 'In Gebrauch', before: 'Neben dem neuen', unused: 'Nicht in Gebrauch' },
  until: 'gültig bis',
  over: 'abgelaufen am',
  download: 'Herunterladen',
  downloadOf: (thumbprint: string) => `Zertifikat ${thumbprint} herunterladen`,
  delete: 'Löschen',
  deleteOf: (thumbprint: string) => `Zertifikat ${thumbprint} löschen`,
  deleteTitle: (thumbprint: string) => `Das Zertifikat ${thumbprint.slice(0, 8)}… löschen?`,
  deleteWhat: 'Sein privater Schlüssel wird endgültig gelöscht. Entfernen Sie das Zertifikat auch in Entra.',
  deleted: 'Das Zertifikat ist gelöscht.',
  choose: 'Mailroom weist sich aus durch',
  bySecret: 'Schlüssel',
  byCertificate: (thumbprint: string, until: string) => `Zertifikat ${thumbprint.slice(0, 8)}…, bis ${until}`,
  byFile: (until?: string) => `Zertifikat aus den Dateien${until === undefined ? '' : `, bis ${until}`}`,
  endsIn: (days: number) =>
    days > 0
      ? `Das Zertifikat läuft ${days === 1 ? 'binnen eines Tages' : `in ${days} Tagen`} ab. Erstellen Sie unten ein neues, laden Sie es in Entra hoch und wählen Sie es hier aus.`
      : 'Das Zertifikat ist abgelaufen. Erstellen Sie unten ein neues, laden Sie es in Entra hoch und wählen Sie es hier aus.',
};
