import { createAdditions } from './additions.ts';

/** The same release by somebody who forgot `patched`. */
export const interceptors = createAdditions(() => true);
