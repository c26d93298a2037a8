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
  type Wake,
} from './mailbox.ts';

/** What the mailbox workflow listens to, as Temporal wants it defined: for the workflow and for its clients. */
export const awaitSignIn = defineUpdate<MailboxStatus, [AwaitSignInCommand]>(updateNames.awaitSignIn);
export const authenticate = defineUpdate<AuthenticateResult, [AuthenticateCommand]>(updateNames.authenticate);
export const pause = defineUpdate<MailboxStatus, [Command]>(updateNames.pause);
export const resume = defineUpdate<MailboxStatus, [ResumeCommand]>(updateNames.resume);
export const remove = defineUpdate<RemovalReceipt, [Command]>(updateNames.remove);
export const countMissed = defineUpdate<MissedMail>(updateNames.countMissed);
/** Look at your row. Without an argument it comes from a process of 0.1.0. */
export const wake = defineSignal<[Wake?]>(signalNames.wake);
export const tend = defineSignal(signalNames.tend);
export const status = defineQuery<MailboxStatus | undefined>(queryNames.status);
