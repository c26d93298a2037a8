import { z } from 'zod';
import { Time } from '../http/values.ts';
import { Item } from '../items/schemas.ts';

const MarkedText = z
  .array(z.object({ text: z.string(), hit: z.boolean().meta({ description: 'Matches the search.' }) }))
  .meta({ id: 'MarkedText', description: 'A text in parts; their sequence is the text.' });

export const SearchResult = z
  .object({
    item: Item,
    subject: MarkedText,
    excerpt: MarkedText.meta({ description: 'The part of the text around the first matches.' }),
    fileNames: z.array(MarkedText).meta({ description: 'Names of attachments that match.' }),
  })
  .meta({ id: 'SearchResult' });

export const SearchAnswer = z
  .object({
    results: z.array(SearchResult),
    nextCursor: z.string().nullable(),
    searchedTo: Time.nullable().meta({
      description:
        'Older messages have not been searched yet; `nextCursor` goes on with them. Null: nothing is left out.',
    }),
    respelled: z.string().nullable().meta({
      description:
        'Nothing matched what was asked for; these results match this spelling. Null: they match the question.',
    }),
    notIndexed: z.int().meta({
      description: 'Messages that cannot be found yet, because they wait to be indexed; 10,000 stands for more.',
    }),
  })
  .meta({ id: 'SearchAnswer' });
