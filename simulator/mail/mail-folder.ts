import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headerBlock } from './header-block.ts';
import { readMime } from './read-mime.ts';

/** A mail file in a folder. */
export interface MailFile {
  /** Without `.eml`. */
  readonly name: string;
  readonly subject: string;
  readonly from: string;
  readonly bytes: number;
}

export interface MailFolder {
  /** By name. The first call reads the headers of all files. */
  list(): Promise<readonly MailFile[]>;
  /** The raw mail; undefined for an unknown name. */
  read(name: string): Promise<Buffer | undefined>;
}

const EXTENSION = '.eml';

/** The `.eml` files of a folder; undefined if it does not exist. Files added later are ignored. */
export function openMailFolder(folder: string): MailFolder | undefined {
  if (!existsSync(folder)) return undefined;
  let listed: Promise<readonly MailFile[]> | undefined;
  const list = (): Promise<readonly MailFile[]> => {
    listed ??= readFolder(folder);
    return listed;
  };
  return {
    list,
    async read(name) {
      const isListed = (await list()).some((mail) => mail.name === name);
      return isListed ? readFile(join(folder, `${name}${EXTENSION}`)) : undefined;
    },
  };
}

async function readFolder(folder: string): Promise<MailFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(EXTENSION)).toSorted();
  const mails: MailFile[] = [];
  for (const file of files) {
    const mime = await readFile(join(folder, file));
    const { subject, from } = await readMime(headerBlock(mime));
    mails.push({
      name: file.slice(0, -EXTENSION.length),
      subject: subject ?? '',
      from: from ? from.name || from.address : '',
      bytes: mime.length,
    });
  }
  return mails;
}
