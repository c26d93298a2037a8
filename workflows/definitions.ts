import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  type AuthenticateCommand,
  type AuthenticateResult,
  type AwaitSignInCommand,
  type Command,
  type MailboxStatus,
  type MissedMail,
  queryNames,
  type RemovalReceipt,
  type ResumeCommand,
  signalNames,
  updateNames,
} from './contract.ts';

/** What the mailbox workflow listens to, as Temporal wants it defined. */
export const awaitSignIn = defineUpdate<MailboxStatus, [AwaitSignInCommand]>(updateNames.awaitSignIn);
export const authenticate = defineUpdate<AuthenticateResult, [AuthenticateCommand]>(updateNames.authenticate);
export const pause = defineUpdate<MailboxStatus, [Command]>(updateNames.pause);
export const resume = defineUpdate<MailboxStatus, [ResumeCommand]>(updateNames.resume);
export const remove = defineUpdate<RemovalReceipt, [Command]>(updateNames.remove);
export const countMissed = defineUpdate<MissedMail>(updateNames.countMissed);
export const ring = defineSignal(signalNames.ring);
export const tend = defineSignal(signalNames.tend);
export const status = defineQuery<MailboxStatus | undefined>(queryNames.status);
