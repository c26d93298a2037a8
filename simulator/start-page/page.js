const find = (id) => document.getElementById(id);
const REFRESH_MS = 3_000;
const NOTICE_MS = 6_000;
/** More rows than anybody reads. */
const MAILBOXES_SHOWN = 50;

let chosen = null;
let noticeTimer;
let realMails = [];

function notify(text) {
  find('notice').textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => find('notice').replaceChildren(), NOTICE_MS);
}

async function control(method, path, body, type = 'application/json') {
  const init = body === undefined ? {} : { body, headers: { 'content-type': type } };
  const response = await fetch(`/control${path}`, { method, ...init });
  const text = await response.text();
  const answer = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.error?.message ?? `Status ${response.status}`);
  return answer;
}

const mailboxPath = (rest = '') => `/mailboxes/${encodeURIComponent(chosen)}${rest}`;
const messagePath = (message, rest = '') => mailboxPath(`/messages/${encodeURIComponent(message.immutableId)}${rest}`);

/** What fails is said; what succeeds is shown. */
async function run(action, done) {
  try {
    await action();
    if (done) notify(done);
  } catch (error) {
    notify(error.message);
  }
  await refresh();
}

function element(name, content, properties = {}) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...[content].flat());
  return made;
}

const row = (...cells) =>
  element(
    'tr',
    cells.map((cell) => element('td', cell)),
  );
const button = (label, action) => element('button', label, { type: 'button', onclick: action });

function whenSubmitted(id, action) {
  find(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const given = [...new FormData(event.target)].filter(([, value]) => value !== '');
    action(Object.fromEntries(given), event.target);
  });
}

async function refresh() {
  try {
    const query = new URLSearchParams({ search: find('search-mailboxes').value, top: String(MAILBOXES_SHOWN) });
    const [{ mailboxes }, { faults }] = await Promise.all([
      control('GET', `/mailboxes?${query}`),
      control('GET', '/faults'),
    ]);
    find('mailboxes').replaceChildren(...mailboxes.map(mailboxRow));
    find('addresses').replaceChildren(...mailboxes.map(({ address }) => element('option', '', { value: address })));
    find('faults').replaceChildren(...faults.map(faultRow));
    if (chosen !== null) await refreshMailbox();
  } catch {
    notify('The simulator does not answer.');
  }
}

async function refreshMailbox() {
  const { folders } = await control('GET', mailboxPath('/folders'));
  const select = find('folder');
  const before = select.value || 'inbox';
  const options = folders.map(({ id, wellKnownName, displayName, messages }) =>
    element('option', `${displayName} (${messages})`, { value: wellKnownName ?? id }),
  );
  select.replaceChildren(...options);
  select.value = before;
  const query = new URLSearchParams({ folder: select.value || 'inbox', top: '50' });
  const { messages } = await control('GET', mailboxPath(`/messages?${query}`));
  // A list that somebody is choosing from stays as it is.
  if (find('messages').contains(document.activeElement) && document.activeElement.tagName === 'SELECT') return;
  find('messages').replaceChildren(...messages.map((message) => messageRow(message, folders)));
}

function mailboxRow({ address, messages, unread }) {
  return row(
    button(address, () => choose(address)),
    String(messages),
    String(unread),
  );
}

function messageRow(message, folders) {
  const names = folders.map(({ id, wellKnownName, displayName }) =>
    element('option', displayName, { value: wellKnownName ?? id }),
  );
  const move = element('select', [element('option', 'Move to…', { value: '' }), ...names], {
    onchange: ({ target }) => {
      target.blur();
      run(() => control('POST', messagePath(message, '/move'), JSON.stringify({ folder: target.value })));
    },
  });
  move.setAttribute('aria-label', `Move ${message.subject}`);
  const toggle = button(message.isRead ? 'Mark unread' : 'Mark read', () =>
    run(() => control('PATCH', messagePath(message), JSON.stringify({ isRead: !message.isRead }))),
  );
  const edit = button('Edit subject', () => {
    const subject = prompt('Subject', message.subject);
    if (subject !== null) run(() => control('PATCH', messagePath(message), JSON.stringify({ subject })));
  });
  const remove = button('Delete', () => run(() => control('DELETE', messagePath(message))));
  const from = message.from?.emailAddress;
  const made = row(
    new Date(message.receivedDateTime).toLocaleString(),
    from ? `${from.name} <${from.address}>` : '',
    message.subject || '(no subject)',
    [toggle, ' ', edit, ' ', move, ' ', remove],
  );
  made.classList.toggle('unread', !message.isRead);
  return made;
}

function faultRow({ id, kind, mailbox, endpoint, strikes, remaining, probability }) {
  const where = [mailbox ?? 'every mailbox', endpoint, probability < 1 ? `chance ${probability}` : null];
  return row(
    kind,
    where.filter(Boolean).join(', '),
    String(strikes),
    remaining === null ? '' : String(remaining),
    button('Switch off', () => run(() => control('DELETE', `/faults/${id}`))),
  );
}

function choose(address) {
  chosen = address;
  find('mailbox').hidden = false;
  find('mailbox-title').textContent = address;
  find('recipient').elements.to.value = address;
  find('folder').value = 'inbox';
  refresh();
}

/** Sends to the address in "To", and shows its mailbox. */
function deliver(form, mails, done) {
  const { to } = find('recipient').elements;
  if (!to.reportValidity()) return;
  run(async () => {
    const path = `/mailboxes/${encodeURIComponent(to.value)}/messages`;
    for (const { body, type } of await mails()) await control('POST', path, body, type);
    form.reset();
    choose(to.value.toLowerCase());
  }, done);
}

function showRealMails() {
  const { search, mail } = find('deliver-real').elements;
  const words = search.value.toLowerCase().split(/\s+/);
  const found = realMails.filter(({ subject, from }) => {
    const text = `${subject} ${from}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  find('found').textContent = `${found.length} of ${realMails.length} real messages`;
  mail.replaceChildren(
    ...found.map(({ name, subject, from, bytes }) =>
      element('option', `${subject || '(no subject)'} – ${from || '(no sender)'}, ${Math.ceil(bytes / 1024)} kB`, {
        value: name,
      }),
    ),
  );
}

whenSubmitted('add-mailbox', ({ address }, form) =>
  run(async () => {
    const made = await control('POST', '/mailboxes', JSON.stringify({ address }));
    form.reset();
    choose(made.address);
  }),
);

whenSubmitted('recipient', () => undefined);

whenSubmitted('deliver', (mail, form) =>
  deliver(form, () => [{ body: JSON.stringify(mail), type: 'application/json' }], 'Sent.'),
);

find('deliver-real').addEventListener('submit', (event) => {
  event.preventDefault();
  const { mail, search } = event.target.elements;
  const name = mail.value;
  const searched = search.value;
  deliver(
    event.target,
    async () => {
      const response = await fetch(`/control/mails/${encodeURIComponent(name)}`);
      if (!response.ok) throw new Error(`Status ${response.status}`);
      // The next one is likely to be near: the search stays.
      search.defaultValue = searched;
      return [{ body: await response.blob(), type: 'message/rfc822' }];
    },
    'Sent.',
  );
});

find('deliver-files').addEventListener('submit', (event) => {
  event.preventDefault();
  const files = [...event.target.elements.files.files];
  deliver(event.target, () => files.map((body) => ({ body, type: 'message/rfc822' })), 'Sent.');
});

whenSubmitted('add-fault', ({ kind, mailbox, endpoint, ...numbers }) => {
  const given = Object.entries(numbers).map(([name, value]) => [name, Number(value)]);
  run(() => control('POST', '/faults', JSON.stringify({ kind, mailbox, endpoint, ...Object.fromEntries(given) })));
});

find('folder').addEventListener('change', refresh);
find('search-mailboxes').addEventListener('input', refresh);
find('deliver-real').elements.search.addEventListener('input', showRealMails);
find('remove-faults').addEventListener('click', () => run(() => control('DELETE', '/faults')));
find('lose-sync-state').addEventListener('click', () =>
  run(() => control('POST', mailboxPath('/lose-sync-state')), 'Every delta link of this mailbox now answers 410.'),
);

const { kinds } = await control('GET', '/faults');
find('add-fault').elements.kind.replaceChildren(...kinds.map((kind) => element('option', kind, { value: kind })));
await refresh();
({ mails: realMails } = await control('GET', '/mails'));
find('deliver-real').hidden = realMails.length === 0;
showRealMails();
setInterval(refresh, REFRESH_MS);
