/** What the demonstration sets up: queues with keywords, and the queues of each mailbox, in order. */
export interface PlannedAccount {
  readonly address: string;
  readonly defaultQueue: string;
  /** The first queue whose keywords match wins. */
  readonly rules: readonly { readonly queue: string; readonly keywords: readonly string[] }[];
}

const bounces = {
  queue: 'Bounces',
  keywords: ['undeliver', 'delivery status', 'delivery failure', 'failure notice', 'returned mail', 'mail delivery'],
};
const absences = { queue: 'Out of office', keywords: ['out of office', 'auto-reply', 'automatic reply', 'vacation'] };
const reports = { queue: 'Reports', keywords: ['report domain', 'dmarc', 'abuse report', 'spam report'] };
const japan = { queue: 'Japan', keywords: ['テスト', '日本', 'の', 'について'] };
const cyrillic = { queue: 'Cyrillic', keywords: ['тест', 'ПИСЬМО', 'сообщение', 'и'] };
const tests = { queue: 'Tests', keywords: ['test', 'MIME', 'example'] };

/** Three mailboxes with different routing. */
export const plannedAccounts: readonly PlannedAccount[] = [
  { address: 'support@contoso.example', defaultQueue: 'Support', rules: [bounces, absences, japan, cyrillic] },
  { address: 'sales@contoso.example', defaultQueue: 'Sales', rules: [tests, reports, bounces] },
  { address: 'postmaster@contoso.example', defaultQueue: 'Postmaster', rules: [reports, bounces, tests, absences] },
];

/** Every queue of the plan, once. */
export const plannedQueues: readonly string[] = [
  ...new Set(plannedAccounts.flatMap(({ defaultQueue, rules }) => [defaultQueue, ...rules.map(({ queue }) => queue)])),
];
