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

/** The mailbox workflow's updates, signals and queries as Temporal defines them, for the workflow and its clients. */
export const awaitSignIn = defineUpdate<MailboxStatus, [AwaitSignInCommand]>(updateNames.awaitSignIn);
export const authenticate = defineUpdate<AuthenticateResult, [AuthenticateCommand]>(updateNames.authenticate);
export const pause = defineUpdate<MailboxStatus, [Command]>(updateNames.pause);
export const resume = defineUpdate<MailboxStatus, [ResumeCommand]>(updateNames.resume);
export const remove = defineUpdate<RemovalReceipt, [Command]>(updateNames.remove);
export const countMissed = defineUpdate<MissedMail>(updateNames.countMissed);
/** Read your row. Sent without an argument by a process of 0.1.0. */
export const wake = defineSignal<[Wake?]>(signalNames.wake);
export const tend = defineSignal(signalNames.tend);
export const status = defineQuery<MailboxStatus | undefined>(queryNames.status);
