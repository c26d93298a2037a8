import { z } from 'zod';

/** Schema of a `QuickMail` in a request. */
export const QuickMailSchema = z.strictObject({
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional(),
  from: z.string().optional(),
  to: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});
