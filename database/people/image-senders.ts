import { foldAddress } from '../../domain/fold-address.ts';
import type { Queryable } from '../database.ts';

/** A sender, for one user. */
interface ImageSender {
  readonly userId: string;
  readonly address: string;
}

/** Whether the user always loads remote images from this sender. */
export async function isImageSender(db: Queryable, { userId, address }: ImageSender): Promise<boolean> {
  const found = await db
    .selectFrom('imageSenders')
    .select('userId')
    .where('userId', '=', userId)
    .where('address', '=', foldAddress(address))
    .executeTakeFirst();
  return found !== undefined;
}

/** Remembers a sender, or forgets it. To repeat it changes nothing. */
export async function rememberImageSender(
  db: Queryable,
  { userId, address }: ImageSender,
  isRemembered: boolean,
): Promise<void> {
  const sender = { userId, address: foldAddress(address) };
  if (isRemembered) {
    await db
      .insertInto('imageSenders')
      .values(sender)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  } else {
    await db.deleteFrom('imageSenders').where('userId', '=', userId).where('address', '=', sender.address).execute();
  }
}
