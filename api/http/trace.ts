import { z } from 'zod';

/** The ids by which Microsoft and its support find a refusal. */
export const Trace = z.object({
  code: z
    .string()
    .nullable()
    .meta({
      description: "Microsoft's own code: an AADSTS number of Entra, or a code of Graph.",
      examples: ['AADSTS53003'],
    }),
  status: z.int().nullable().meta({ description: 'The HTTP status of the refusal.' }),
  requestId: z.string().nullable().meta({ description: "Microsoft's id of the refused request, for its support." }),
});
