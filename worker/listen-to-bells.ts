import { listenToNotices, type NoticeSource } from '../database/notices.ts';
import { DUE_CHANNEL } from '../database/watches.ts';
import type { Watcher } from './watcher.ts';

/** Wakes a watcher at each bell, and when bells may have been missed. */
export function listenToBells(database: Omit<NoticeSource, 'channel'>, { wake }: Pick<Watcher, 'wake'>) {
  return listenToNotices({ ...database, channel: DUE_CHANNEL }, { onNotice: wake, onListening: wake, onLost() {} });
}
