import type { Permission } from './security-profile.ts';

/** A second factor, and a form that is filled in after it. */
export const LEAST_STEP_UP_MINUTES = 2;
/** As long as a session lasts by default: longer would ask for nothing. */
export const MOST_STEP_UP_MINUTES = 1_440;
/** How old a sign-in may be that proves that the provider can be asked again, before minutes are set. */
export const PROOF_MINUTES = 5;

/**
 * Permissions whose changes decide who gets in, what leaves, and what is deleted. Changes of work and of mailboxes are
 * not among them: they are made all day, and are undone as easily.
 */
export const permissionsWithStepUp: readonly Permission[] = ['settings.change', 'users.change', 'retention.change'];
