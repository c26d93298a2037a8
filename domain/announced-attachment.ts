/** Words by which a mail announces an attachment, in English and German, as whole words and with their endings. */
const announcements = new RegExp(
  [
    'attach(?:ed|ment|ments|ing)?',
    'enclos(?:ed|ure|ures|ing)',
    String.raw`(?:im|als|den|dem|siehe|s\.)\s+(?:Anhang|Anhänge|Anlagen?|Beilagen?)`,
    String.raw`(?:in|anhand)\s+der\s+(?:Anlage|Beilage)`,
    'Anhang|Anhänge|Dateianh[aä]nge?',
    '(?:an|bei)liegend(?:e[mnrs]?)?',
    'anbei',
    'angeh(?:ä|ae)ngt(?:e[mnrs]?)?',
    'beigef(?:ü|ue)gt(?:e[mnrs]?)?',
    String.raw`(?:füge|fügen|hänge|hängen)\s+(?:\S+\s+){0,6}(?:bei|an)`,
  ].join('|'),
  'giu',
);

/** Said about what is not there. */
const denials = /\b(?:no|not|without|never|kein\w*|nicht|ohne)\s+(?:\S+\s+){0,2}$/iu;
/** Said about what another sent. */
const ofOthers = /\b(?:your|ihre[mnrs]?|ihr|deine?[mnrs]?)\s+(?:\S+\s+)?$/iu;

/**
 * True when a text announces an attachment of its own: *please find attached*, *anbei*, *im Anhang*. The text is what
 * was written, without quotes and signature.
 */
export function announcesAttachment(written: string): boolean {
  for (const { 0: word, index } of written.matchAll(announcements)) {
    const before = written.slice(Math.max(0, index - 60), index);
    const after = written.slice(index + word.length, index + word.length + 1);
    const isWord = !/[\p{L}\p{N}_-]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after);
    if (isWord && !denials.test(before) && !ofOthers.test(before)) return true;
  }
  return false;
}
