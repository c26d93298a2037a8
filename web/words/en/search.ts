/** Words of the search. */
export const search = {
  title: 'Search',
  field: 'Search all mail',
  placeholder: 'Words, names, numbers',
  hint: 'All words must occur. “in this order”, -\u2060without, word*, from:, to:, subject: and file: narrow the search.',
  clear: 'Clear the search',
  filters: 'Filters',
  queue: 'Queue',
  anyQueue: 'Any queue',
  state: 'State',
  anyState: 'Any state',
  time: 'Received',
  anyTime: 'Any time',
  times: {
    day: 'In the last 24 hours',
    week: 'In the last 7 days',
    month: 'In the last 30 days',
    year: 'In the last year',
  },
  withAttachments: 'With attachments',
  own: 'Claimed or completed by me',
  order: 'Order',
  orders: { relevance: 'Best match', newest: 'Newest first' },
  removeFilter: (filter: string) => `Remove the filter ${filter}`,
  results: 'Results',
  found: (shown: number, hasMore: boolean) =>
    shown === 0
      ? hasMore
        ? 'Nothing found yet'
        : 'Nothing found'
      : `${shown}${hasMore ? ' or more' : ''} ${shown === 1 && !hasMore ? 'message' : 'messages'} found`,
  searchedTo: (moment: string) => `Searched back to ${moment}; older mail has not been searched yet.`,
  searchOlder: 'Search older mail',
  none: 'Nothing found',
  noneWhat: 'Check the spelling, leave out a word, or remove a filter.',
  begin: 'Find any message',
  beginWhat: 'By words in its subject or text, by sender, recipient, number, or the name of an attachment.',
  respelled: (question: string, other: string) => `Nothing matches “${question}”. These results match “${other}”.`,
  notIndexed: (n: number) =>
    n >= 10_000
      ? 'More than 10,000 messages are still being indexed and cannot be found yet.'
      : `${n.toLocaleString('en')} ${n === 1 ? 'message is' : 'messages are'} still being indexed and cannot be found yet.`,
  byRank: 'The best of the newest 300 matches. Choose “Newest first” to see all.',
};
