import type { OwnedMailbox } from '../../database/sign-in/owned-mailboxes.ts';
import { breakable, type Html, html } from './html.ts';
import type { Page } from './page.ts';
import type { PageWords } from './words/en.ts';

/** Where people see and end what Mailroom reads of their mailboxes. */
export const OWNER_PATH = '/email/mailbox';

/** Before anything is known of the visitor: what the page is for, and how to go on. */
export function ownerStartPage({ owner: words }: PageWords): Page {
  return {
    title: words.title,
    body: html`
<p>${words.what}</p>
<form class="actions" method="post" action="${OWNER_PATH}"><button class="button">${words.signIn}</button></form>`,
  };
}

export function ownedMailboxesPage({ owner: words }: PageWords, mailboxes: readonly OwnedMailbox[]): Page {
  return {
    title: words.title,
    body: html`${mailboxes.length === 0 && html`<p>${words.none}</p>`}${mailboxes.map((mailbox) => section(words, mailbox))}
<p class="soft">${words.captured}</p>`,
  };
}

function section(words: PageWords['owner'], mailbox: OwnedMailbox): Html {
  const { id, address, signInAs, enabled, isConnected, captureFrom, connectedByName, queueNames } = mailbox;
  return html`
<h2>${breakable(address)}</h2>
<ul>
<li>${isConnected && enabled ? words.read(captureFrom) : words.notRead}</li>
<li>${words.connectedBy(connectedByName)}</li>
${signInAs !== null && html`<li>${words.sharedAs(signInAs)}</li>`}
<li>${words.seen(queueNames)}</li>
</ul>
${
  isConnected &&
  html`<form class="actions" method="post" action="${OWNER_PATH}/end"><input type="hidden" name="account" value="${id}"><button class="button">${breakable(words.end(address))}</button></form>`
}`;
}
