import type { DeskWords } from '../en/desk.ts';

/** Words of the limit on which mailboxes may be connected, in German. */
export const allowedAddresses: DeskWords['allowedAddresses'] = {
  title: 'Postfächer, die verbunden werden dürfen',
  label: 'Adressen und Domänen',
  hint: 'Je Zeile eine: desk@contoso.com, contoso.com oder *.contoso.com für alle Domänen darunter. Leer: jedes Postfach der Organisation.',
  all: 'Jedes Postfach der Organisation',
  save: 'Einschränkung speichern',
  saved: 'Die Einschränkung ist gespeichert.',
  outside: (count, addresses) =>
    `${count === 1 ? 'Ein verbundenes Konto liegt' : `${count.toLocaleString('de')} verbundene Konten liegen`} außerhalb und ${count === 1 ? 'wird' : 'werden'} weiter gelesen: ${addresses}.`,
};
