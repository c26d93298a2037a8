import { html } from './html.ts';
import type { Page } from './page.ts';
import type { PageWords } from './words/en.ts';

export interface ConnectView {
  readonly address: string;
  readonly signInAs: string | null;
  readonly forSending: boolean;
  /** `user:<id>`, `key:<id>` or a word, and its name if it has one. */
  readonly askedBy: string;
  readonly askedByName: string | null;
  readonly queueName: string;
  readonly captureFrom: Date | null;
  readonly backfillDays: number;
  /** Where the button posts to. */
  readonly action: string;
}

/** What a sign-in link opens: who asks for what, and the button without which nothing happens. */
export function connectPage({ mailbox: words }: PageWords, view: ConnectView): Page {
  const { address, signInAs, forSending, queueName, captureFrom, backfillDays, action } = view;
  return {
    title: words.connectTitle(address),
    body: html`
<p>${words.connectAsked(whoAsks(words, view))}</p>
<ul>
<li>${captureFrom ? words.connectReadSince(captureFrom) : words.connectRead(backfillDays)}</li>
<li>${words.connectSeen(queueName)}</li>
<li>${forSending ? words.connectSends : words.connectChangesNothing}</li>
</ul>
<p>${signInAs === null ? words.connectAs(address) : words.connectSharedAs(signInAs)}</p>
<p class="soft">${words.connectUnexpected}</p>
<form class="actions" method="post" action="${action}"><button class="button">${words.connect}</button></form>`,
  };
}

function whoAsks(words: PageWords['mailbox'], { askedBy, askedByName }: ConnectView): string {
  if (askedByName === null) return words.byOperator;
  return askedBy.startsWith('key:') ? words.byKey(askedByName) : askedByName;
}
