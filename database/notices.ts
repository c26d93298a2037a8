import { type ConnectionSource, keepConnection } from './lasting-connection.ts';

export interface NoticeListener {
  /** PostgreSQL's `notify`: with its payload, which may be empty. */
  readonly onNotice: (payload: string) => void;
  /** From now on notices arrive; those before are missing. */
  readonly onListening: () => void;
  /** No notice arrives until `onListening`. */
  readonly onLost: () => void;
}

export interface NoticeSource extends ConnectionSource {
  /** A name without characters that SQL would have to quote. */
  readonly channel: string;
}

/** Listens to a channel, on a connection of its own, for as long as it is open. */
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
