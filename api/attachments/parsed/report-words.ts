import type { ReportReason } from './parsed-content.ts';

/**
 * What mail servers write where they give no code, or one that says nothing; a line for each language. The first reason
 * counts, so the exact ones come before those that many messages mention.
 */
const wordsByReason: readonly (readonly [reason: ReportReason, words: RegExp])[] = [
  [
    'mailbox-full',
    anyOf(
      'quota|mailbox (is )?full|insufficient (disk |system )?(space|storage)',
      'postfach .{0,60}(voll|überfüllt)|volles postfach|speicherplatz|kontingent',
      'boîte .{0,60}(pleine|saturée)|espace (disque )?insuffisant',
      'buzón .{0,60}lleno|casella .{0,60}piena',
    ),
  ],
  [
    'mailbox-disabled',
    anyOf(
      '(mailbox|account|user|recipient) .{0,60}(disabled|deactivated|inactive|suspended)',
      '(disabled|inactive|suspended) (mailbox|account|user|recipient)',
      '(postfach|konto|empfänger) .{0,60}(deaktiviert|gesperrt|stillgelegt)',
      '(boîte|compte|adresse) .{0,60}(désactivé|suspendu|fermé)',
      '(cuenta|buzón) .{0,60}(desactivad|suspendid)|(account|casella) .{0,60}(disabilitat|sospes)',
    ),
  ],
  [
    'too-large',
    anyOf(
      'too (large|big)|(message|mail) size',
      'zu groß|maximale (nachrichten)?größe|größe .{0,60}überschr',
      'trop (volumineux|grand|lourd)|taille .{0,60}(dépass|maximale)',
      'demasiado grande|troppo grande',
    ),
  ],
  [
    'domain-unknown',
    anyOf(
      '(domain|host)( name)? .{0,20}(not found|unknown|does not exist)|unknown (domain|host)|nxdomain',
      'domäne? .{0,60}(unbekannt|nicht gefunden|existiert .{0,20}nicht)|unbekannte domäne',
      "domaine .{0,60}(inconnu|introuvable|inexistant|n'existe pas)",
      'dominio .{0,60}(desconocido|no existe|inesistente)',
    ),
  ],
  [
    'mailbox-unknown',
    anyOf(
      '(user|recipient|mailbox|address|account) .{0,60}(unknown|not found|does not exist|unavailable)',
      '(unknown|invalid|no such) (local )?(user|recipient|mailbox|address|account)',
      '(empfänger|benutzer|nutzer|adresse|postfach|konto|teilnehmer).{0,60} (unbekannt|nicht (gefunden|vorhanden))',
      '(empfänger|benutzer|nutzer|adresse|postfach|konto|teilnehmer).{0,60} existiert .{0,20}nicht',
      'unbekannte[rs]? (empfänger|benutzer|nutzer|adresse|postfach|teilnehmer)',
      "(destinataire|utilisateur|adresse|compte|boîte) .{0,60}(inconnu|introuvable|inexistant|n'existe pas)",
      'aucun (destinataire|utilisateur|compte)',
      '(usuario|destinatario|buzón|dirección) .{0,60}(desconocid|no existe)',
      '(utente|destinatario|casella|indirizzo) .{0,60}(sconosciut|inesistente|non esiste)',
    ),
  ],
  ['loop', anyOf('mail loop|loop detected|too many hops', 'schleife', 'boucle')],
  [
    'refused',
    anyOf(
      'spam|blocked|(black|block) ?list|denied|rejected|policy|not (allowed|permitted|authori[sz]ed)',
      'abgelehnt|abgewiesen|verweigert|nicht (erlaubt|zulässig)',
      'rejeté|refusé|bloqué|interdit|non autorisé',
      'rechazad|rifiutat|respint',
    ),
  ],
  ['expired', anyOf('expired|too long in the queue', 'abgelaufen|aufgegeben', 'expiré|délai .{0,20}dépassé')],
  [
    'not-reachable',
    anyOf(
      'timed out|time-?out|connection (refused|reset|lost)|unreachable',
      'zeitüberschreitung|nicht erreichbar|verbindung .{0,60}(abgebrochen|abgelehnt|fehlgeschlagen)',
      "délai d'attente|injoignable|connexion .{0,60}(échoué|perdue|refusée)",
    ),
  ],
];

/** What a mail server means by its own words; undefined: none that are known. */
export function reasonByWords(diagnostic: string): ReportReason | undefined {
  const words = diagnostic.normalize('NFC').replaceAll('’', "'");
  return wordsByReason.find(([, pattern]) => pattern.test(words))?.[0];
}

/** From the beginning of a word on. */
function anyOf(...words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})`, 'iu');
}
