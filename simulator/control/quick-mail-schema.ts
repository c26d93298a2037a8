import { z } from 'zod';

/** `QuickMail`, as it comes in. */
export const QuickMailSchema = z.strictObject({
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional(),
  from: z.string().optional(),
  to: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
});
