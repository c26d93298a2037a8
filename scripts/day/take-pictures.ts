import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MailroomClient } from '../mailroom-client.ts';
import { furnishPages } from './furnish-pages.ts';
import { openPage, showIn, showWhole, withSignedIn } from './picture-browser.ts';
import { type PicturedPage, picturedPages } from './pictured-pages.ts';
import type { PreparedDay } from './prepare-day.ts';

const widths = [1440, 768, 360] as const;
/** The widest of telephones, in pixels. */
const TELEPHONE = 480;
const schemes = ['light', 'dark'] as const;
const languages = [
  ['en', 'en-GB'],
  ['de', 'de-DE'],
] as const;

export interface PictureOptions {
  readonly folder: string;
  /** What the names of the wanted pictures match, such as `queue-de-360-light`. */
  readonly matching: RegExp;
}

/** Takes a picture of every page in both languages, both colours and all widths, from top to bottom; their files. */
export async function takePictures(
  mailroom: MailroomClient,
  url: string,
  day: PreparedDay,
  { folder, matching }: PictureOptions,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  return await withSignedIn(url, async (visit, page) => {
    const pages = picturedPages(day, await furnishPages(mailroom, page, day));
    const files: string[] = [];
    for (const pictured of pages) {
      const wanted = visitsOf(pictured, matching);
      if (wanted.length > 0) await pictured.prepare?.(mailroom, page);
      for (const { locale, width, pictures } of wanted) {
        const context = await visit({ locale, isSignedIn: !pictured.isPublic, isMobile: width <= TELEPHONE });
        const opened = await openPage(context, url, pictured, { width });
        await showWhole(opened, width);
        for (const { name, scheme } of pictures) {
          await showIn(opened, scheme);
          const file = join(folder, `${name}.png`);
          await opened.screenshot({ path: file });
          files.push(file);
        }
        await context.close();
      }
    }
    return files;
  });
}

/** How a page is opened for its wanted pictures: once for each language and width. */
function visitsOf({ name }: PicturedPage, matching: RegExp) {
  const visits = languages.flatMap(([language, locale]) =>
    widths.map((width) => {
      const all = schemes.map((scheme) => ({ scheme, name: `${name}-${language}-${width}-${scheme}` }));
      return { locale, width, pictures: all.filter((picture) => matching.test(picture.name)) };
    }),
  );
  return visits.filter(({ pictures }) => pictures.length > 0);
}
