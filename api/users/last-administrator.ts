import type { LastOne } from '../../database/people/keeping-an-administrator.ts';
import { Problem } from '../http/problem.ts';

/** The refusal of a change that would leave no administrator. */
export function refuseLastAdministrator(outcome: LastOne): Problem {
  return outcome === 'last-signed-in-administrator'
    ? new Problem(
        'last-signed-in-administrator',
        'This is the last administrator who has ever signed in; whether the others can is not known. Let one of them sign in first.',
      )
    : new Problem(
        'last-administrator',
        'This is the last enabled administrator, so no administrator would be left to add others. Make another user an administrator first.',
      );
}
