import type { DeskWords } from '../en/desk.ts';
import { account } from './account.ts';
import { allowedAddresses } from './allowed-addresses.ts';
import { answers } from './answers.ts';
import { applicationAccess } from './application-access.ts';
import { audit } from './audit.ts';
import { board } from './board.ts';
import { bulk } from './bulk.ts';
import { certificates } from './certificates.ts';
import { completeness } from './completeness.ts';
import { item } from './item.ts';
import { keys } from './keys.ts';
import { mail } from './mail.ts';
import { offers } from './offers.ts';
import { provisioning } from './provisioning.ts';
import { removing } from './removing.ts';
import { retention } from './retention.ts';
import { routing } from './routing.ts';
import { search } from './search.ts';
import { sessions } from './sessions.ts';
import { signOn } from './sign-on.ts';
import { teams } from './teams.ts';
import { users } from './users.ts';
import { work } from './work.ts';

/** Words of the pages where mail is worked on, in German. */
export const desk: DeskWords = {
  account,
  allowedAddresses,
  answers,
  applicationAccess,
  audit,
  board,
  bulk,
  certificates,
  completeness,
  item,
  keys,
  mail,
  offers,
  provisioning,
  removing,
  retention,
  routing,
  search,
  sessions,
  signOn,
  teams,
  users,
  work,
};
export { deskProblemWordsDe } from '../../../domain/words/desk-problem-words-de.ts';
export { sendingWordsDe } from '../../../domain/words/sending-words-de.ts';
export { eventWordsDe } from './event-words.ts';
export { findingWordsDe } from './finding-words.ts';
