import type { Schemas } from '../api/client.ts';
import type { Recipient } from '../parts/parse-recipients.ts';

/** Who takes part in a conversation, each once: offered as recipients. */
export function knownRecipients({ message, account }: Schemas['ItemWithMessage']): readonly Recipient[] {
  const { to = [], cc = [], replyTo = [] } = message?.recipients ?? {};
  const found = new Map<string, Recipient>();
  for (const { name, address } of [message?.from ?? {}, ...replyTo, ...to, ...cc] as Partial<Recipient>[]) {
    const key = address?.toLowerCase() ?? '';
    if (key === '' || key === account.address.toLowerCase() || found.has(key)) continue;
    found.set(key, { ...(name ? { name } : {}), address: address ?? '' });
  }
  return [...found.values()];
}
