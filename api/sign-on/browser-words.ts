import Bowser from 'bowser';

/** Longer than any browser's; what follows is not read. */
const MOST_CHARACTERS = 512;
const plainName = /^[\w .+-]{1,40}$/;

/** Browser and system as people know them, from what the browser says of itself. Undefined where it is not known. */
export function browserWords(userAgent: string | undefined): {
  readonly browser: string | undefined;
  readonly system: string | undefined;
} {
  if (!userAgent) return { browser: undefined, system: undefined };
  const parsed = Bowser.getParser(userAgent.slice(0, MOST_CHARACTERS));
  return { browser: nameOf(parsed.getBrowserName()), system: nameOf(parsed.getOSName()) };
}

/** An unknown browser is named by its own words: nothing that is not a plain name is kept. */
function nameOf(name: string | undefined): string | undefined {
  return name !== undefined && plainName.test(name) ? name : undefined;
}
