import { type ConnectionSource, keepConnection } from './lasting-connection.ts';

export interface NoticeListener {
  /** The payload of PostgreSQL's `notify`, which may be empty. */
  readonly onNotice: (payload: string) => void;
  /** Notices arrive from now on; earlier ones are lost. */
  readonly onListening: () => void;
  /** No notice arrives until `onListening`. */
  readonly onLost: () => void;
}

export interface NoticeSource extends ConnectionSource {
  /** A name that needs no quoting in SQL. */
  readonly channel: string;
}

/** Listens to a channel on a dedicated connection until it is closed. */
export function listenToNotices({ channel, ...source }: NoticeSource, listener: NoticeListener) {
  let isListening = false;
  return keepConnection(source, {
    async onConnected(query) {
      await query(`listen ${channel}`);
      isListening = true;
      listener.onListening();
    },
    onNotice: ({ payload }) => listener.onNotice(payload ?? ''),
    onLost() {
      if (isListening) listener.onLost();
      isListening = false;
    },
  });
}
