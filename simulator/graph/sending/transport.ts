/** Carries accepted mails to the mailboxes here. */
export interface Transport {
  /** Sends an accepted mail, now or when it is due; resolves at once for one that waits. */
  send(id: number): Promise<void>;
  /** Takes up what an earlier process had accepted. */
  resume(): void;
  close(): void;
}
