import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };

/** CLDR's territory for the usual zone of a name of Windows. */
const WORLD = '001';

/** Zones of the IANA database by the names that Windows has for them, in lower case. */
const byWindowsName: ReadonlyMap<string, string> = new Map(
  windowsZones.supplemental.windowsZones.mapTimezones
    .filter(({ mapZone }) => mapZone._territory === WORLD)
    .map(({ mapZone }) => [mapZone._other.toLowerCase(), mapZone._type]),
);

/**
 * What a TZID may mean in the IANA database, the most likely first: the name itself; that of Windows, which Exchange and
 * Outlook write; the last parts of a path, as old Lightning and Evolution have them (`/mozilla.org/20050126_1/Europe/Berlin`).
 */
export function zonesNamedBy(tzid: string): readonly string[] {
  const name = tzid.trim();
  const windows = byWindowsName.get(name.toLowerCase());
  const path = name.split('/');
  const ends = path.length > 2 ? [path.slice(-3).join('/'), path.slice(-2).join('/'), path.at(-1) ?? ''] : [];
  return [name, ...(windows === undefined ? [] : [windows]), ...ends];
}
