import type { MailboxCall } from './graph-context.ts';

/** The link to the next page of a plain list: the same request with another `$skip`; a search has another option. */
export function nextPageLink(call: MailboxCall, skip: number, option: '$skip' | '$skiptoken' = '$skip'): string {
  const options = [...call.query.all].filter(([name]) => `$${name.toLowerCase().replace('$', '')}` !== option);
  const query = [...options, [option, String(skip)] as const].map(
    ([name, value]) => `${encodeURIComponent(name).replace('%24', '$')}=${encodeURIComponent(value)}`,
  );
  return `${call.base}/${collectionPath(call)}?${query.join('&')}`;
}

/** The path of the call as in Graph's links: `me/mailFolders('…')/messages`. */
function collectionPath(call: MailboxCall): string {
  const keys = [...call.path.keys];
  const [, ...names] = call.path.pattern.split('/').filter((part, index) => !(index === 1 && part === '{id}'));
  const below = names.map((name) => (name === '{id}' ? `('${encodeURIComponent(keys.shift() ?? '')}')` : `/${name}`));
  return `${call.root}${below.join('')}`;
}
