/** Every tuned interval, with its reason. Durations in milliseconds. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A link sent to a mailbox's owner in the evening still works the next afternoon; after that it is suspicious. */
export const SIGN_IN_EXPIRES_AFTER_MS = DAY;

/** The database's clock decides that an attempt expired; it may lag behind the clock that woke the workflow. */
export const EXPIRY_GRACE_MS = SECOND;

/** Entra expires a refresh token after 90 days without use: a disabled account uses its own once a week. */
export const KEEP_SIGN_IN_ALIVE_EVERY_MS = 7 * DAY;

/**
 * A drain yields to others after this long and continues at once: a backlog of 100,000 messages neither holds a slot
 * for hours nor loses more than this to a restart.
 */
export const DRAIN_TURN_MS = MINUTE;

/**
 * A mailbox is drained when its reader hands it over. If that fails for an unforeseen reason, its workflow drains it
 * after this long: four times a day costs nothing.
 */
export const DRAIN_UNASKED_AFTER_MS = 6 * HOUR;

/** A reconciliation costs a request for each 1,000 messages: once a day, and whenever there is a reason. */
export const RECONCILE_EVERY_MS = DAY;

/** A reconciliation lists for this long, then drains: mail that arrives during a turn waits no longer than that. */
export const RECONCILE_TURN_MS = 2 * SECOND;

/** A reconciliation that failed yields for this long to drains, which show the mailbox's condition. */
export const RECONCILE_RETRY_MS = 10 * MINUTE;

/** Delta may report a message a little later than a list does: younger mail is not checked. */
export const RECONCILE_SETTLED_AFTER_MS = 2 * MINUTE;

/** A person will make room in a full mailbox sooner or later: delta is retried once an hour. */
export const FULL_MAILBOX_RETRY_MS = HOUR;

/**
 * Delta that was refused, failed, had no end or left mail out is retried after a minute, then after twice as long each
 * time, up to an hour: lists find new mail as quickly, and only mail moved into the inbox waits for a reconciliation.
 */
export function deltaRetryMs(failures: number): number {
  return Math.min(MINUTE * 2 ** (failures - 1), HOUR);
}

/** Reconciliation interval of a mailbox that is read by lists, or by a walk that leaves older mail out. */
export const RECONCILE_LISTED_EVERY_MS = HOUR;

/** The first reconciliation of a new account comes soon, because a first walk may end too early without an error. */
export const RECONCILE_FIRST_AFTER_MS = 10 * MINUTE;

/** A page that failed is requested with a quarter of its messages; the size doubles after ten that succeeded. */
export const PAGE_SHRINKS_BY = 4;
export const PAGE_GROWS_AFTER = 10;

/** Pages without news in a row that make a walk endless: a large mailbox has some empty ones, but fewer. */
export const PAGES_WITHOUT_NEWS = 20;

/** The pause after a page without news, longer each time: twenty of them take eight seconds. */
export function pauseWithoutNewsMs(pages: number): number {
  return Math.min(50 * pages, SECOND / 2);
}

/** Time limit for a message, or for the list of its attachments. */
export const MESSAGE_WITHIN_MS = 30 * SECOND;

/** An unreadable list of attachments is retried after this, then after four times as long each time, up to a day. */
export const ATTACHMENTS_RETRY_MS = MINUTE;
/**
 * A message in quarantine is retried automatically after a minute, then after four times as long each time, up to a
 * day.
 */
export const QUARANTINE_RETRY_MS = MINUTE;
export const RETRIES_LATER_BY = 4;
export const RETRY_AT_LEAST_EVERY_MS = DAY;
/** After so many tries, two weeks, an attachment list is given up. */
export const ATTACHMENT_TRIES = 20;

/** Trouble that lasted this long is more than a hiccup of the mail server: unreadable messages go into quarantine. */
export const TROUBLE_LASTS_AFTER_MS = 30 * SECOND;

/**
 * Interval of checking a mailbox by the list of its newest mail, because delta may leave mail out without an error: a
 * request for every fifteen polls of a polled mailbox, one for three of a notified one.
 */
export const LIST_CHECK_POLLED_MS = 5 * MINUTE;
export const LIST_CHECK_NOTIFIED_MS = 30 * MINUTE;
/** A notification is followed by such a check when nothing was found for it within this time. */
export const LIST_CHECK_AFTER_NOTIFICATION_MS = 100 * SECOND;
/** Delta may report mail younger than this late. */
export const LIST_CHECK_SETTLED_AFTER_MS = MINUTE;

/**
 * A list shows mail by its time of receipt, and some mail becomes visible later than younger mail: lists that replace
 * delta overlap by this much. The reconciliation finds mail that appears even later.
 */
export const LIST_OVERLAP_MS = 10 * MINUTE;

/**
 * A poll captures for half a second to one and a half; the rest is the workflow's drain. The spread keeps backlogs that
 * arrived together from being handed over together. `random` is in [0, 1).
 */
export function pollBudgetMs(random: number): number {
  return SECOND * (0.5 + random);
}

/**
 * The minimum interval after a poll that captured nothing, whatever notifications arrive: 600 polls in the ten minutes
 * in which Microsoft allows 10,000 requests.
 */
export const POLLS_APART_MS = SECOND;

/** A poll that takes longer is abandoned without a result. */
export const POLL_WITHIN_MS = 10 * SECOND;
/**
 * Retry delay after a poll without a result, or one that handed its mailbox over to a workflow that has not begun yet.
 */
export const POLL_RETRY_MS = 15 * SECOND;

/**
 * Polls of one mailbox may send so many requests a minute without counting them in the database: eleven such minutes
 * and the 9,300 requests of drains stay within Microsoft's 10,000 in ten minutes.
 */
export const UNPAID_REQUESTS_A_MINUTE = 60;

/**
 * How often a reader settles ended polls together, which delays a due poll by as much. A fortieth of the interval is
 * not noticed; twice a second costs next to nothing, ten times a second is for short intervals.
 */
export function settleEveryMs(pollMs: number): number {
  return Math.min(500, Math.max(100, pollMs / 40));
}

/** A reader reads its schedule again this often, which finds mailboxes whose notice was lost. */
export const SCHEDULE_EVERY_MS = 5 * SECOND;

/** A share's activity ends after this at least, and at most twice as late: Temporal then places the share again. */
export const SHARE_PLACED_FOR_MS = MINUTE;
/** Temporal places a share on another worker when heartbeats stop for this long. */
export const SHARE_HEARTBEAT_TIMEOUT_MS = 10 * SECOND;
export const SHARE_START_TO_CLOSE_MS = 10 * MINUTE;
/** Placements per run of a reader's workflow: about three hours, 1,500 events. */
export const PLACEMENTS_PER_RUN = 120;

/** A turn plus the slowest page: Graph answers or times out within a minute. */
export const DRAIN_START_TO_CLOSE_MS = 5 * MINUTE;

/** Retries of failures without a delay of their own: 1 s, 2 s, 4 s … up to this. */
export const RETRY_MAX_MS = MINUTE;

/** Wrong settings affect all accounts at once: each retries once a minute, not each second. */
export const SETTINGS_RETRY_MS = MINUTE;

/**
 * Access that Graph refuses while Entra issues tokens is first retried after this, then after half the time it has
 * lasted.
 */
export const ACCESS_ASKED_AGAIN_AFTER_MS = 5 * SECOND;
/** The longest of these intervals: access restored in the evening is used the same evening. */
export const ACCESS_ASKED_AGAIN_AT_LEAST_EVERY_MS = 10 * MINUTE;

/** A refusal of Graph that lasted this long may be caused by the sign-in after all: signing in again is offered. */
export const SIGN_IN_OFFERED_AFTER_MS = HOUR;

/**
 * Exchange moves mailboxes and refuses them for some minutes: *no access* to a shared mailbox is believed after this
 * long.
 */
export const NO_ACCESS_PROVED_AFTER_MS = 10 * MINUTE;
/** Also required: so many refusals, because two with a night's downtime between them would prove little. */
export const NO_ACCESS_PROVED_AFTER_ATTEMPTS = 5;

/** A needed sign-in is retried without a person after this, then after as long as it has been needed. */
export const SIGN_IN_PROBED_AFTER_MS = MINUTE;
/** The longest of these intervals: a sign-in revoked by mistake is restored within hours. */
export const SIGN_IN_PROBED_AT_LEAST_EVERY_MS = HOUR;

/**
 * A mailbox that is not found is usually being moved, and back within seconds; or its licence was removed, and is
 * assigned again some day. Retried after five seconds, then after three times as long each time, up to ten minutes.
 */
export function mailboxGoneRetryMs(attempt: number): number {
  return Math.min(5 * SECOND * 3 ** (attempt - 1), 10 * MINUTE);
}

/** Moves within Microsoft 365 take moments, seldom hours: the advice to remove an account appears only after this. */
export const MAILBOX_GONE_FOR_GOOD_AFTER_MS = 6 * HOUR;

/**
 * The requested life of a subscription, in minutes. Documented are 10,080; live tenants have refused that and named
 * 10,070, so a little less is requested. A ceiling named in a refusal counts from then on.
 */
export const SUBSCRIPTION_LIFE_MINUTES = 10_000;

/** A subscription that ends sooner, or has ended already by our clock, is renewed every five minutes nevertheless. */
export const LEAST_SUBSCRIPTION_LIFE_MS = 10 * MINUTE;

/** Without a public address, or for a shared mailbox, a subscription stays impossible: checked again once a day. */
export const SUBSCRIPTION_POSSIBLE_AGAIN_MS = DAY;

/**
 * A subscription that could not be created is retried after a minute, then after four times as long each time, up to
 * six hours.
 */
export function subscriptionRetryMs(failures: number): number {
  return Math.min(MINUTE * 4 ** (failures - 1), 6 * HOUR);
}

/**
 * Creating a subscription waits for two of Microsoft's requests to us, ten seconds each at most; with a renewal before
 * it.
 */
export const SUBSCRIPTION_START_TO_CLOSE_MS = 90 * SECOND;

/** Reading and writing rows: an activity that takes longer has lost its database. */
export const ROWS_START_TO_CLOSE_MS = 5 * SECOND;
/**
 * One attempt of a command. A dead or stuck worker keeps its attempt for this long; then another one tries, and once
 * more, before the command's deadline.
 */
export const COMMAND_START_TO_CLOSE_MS = 2.5 * SECOND;
/** Shorter than the attempt, so that the attempt fails by itself and reports the locked row. */
export const COMMAND_LOCK_TIMEOUT_MS = 2 * SECOND;
export const COMMAND_RETRY_FIRST_MS = 200;
/** Less than the API's deadline of 8 s, so that the administrator reads the cause instead of a time-out. */
export const COMMAND_GIVE_UP_MS = 6.5 * SECOND;
/** A command without an answer blocks those after it: it is retried soon, until its outcome is known. */
export const COMMAND_SETTLE_RETRY_MAX_MS = 2 * SECOND;
/**
 * The limit of these retries. Then the row is read as it is; the order of commands keeps a late attempt from undoing
 * later ones.
 */
export const COMMAND_SETTLE_GIVE_UP_MS = 5 * MINUTE;
/** Rows are read again soon after an outage, because commands wait for that: it costs one query. */
export const ROWS_RETRY_MAX_MS = 5 * SECOND;
/** Entra accepts a code for ten minutes: after that the attempt is known to have failed. */
export const REDEEM_SETTLE_GIVE_UP_MS = 15 * MINUTE;

/**
 * Redeeming a code is two calls to the provider and one to Graph; with retries it stays within the page's time limit.
 */
export const REDEEM_START_TO_CLOSE_MS = 15 * SECOND;
export const REDEEM_GIVE_UP_MS = 22 * SECOND;

/**
 * Drafts that have been in an inbox for this long are mail: programs put mail there without marking it as sent, and it
 * stays a draft for ever (microsoft-graph-docs-contrib issue 14829). People write theirs in another folder.
 */
export const DRAFT_IS_MAIL_AFTER_MS = HOUR;

/** The files of one answer, 150 MB, through a slow line. */
export const SENDING_START_TO_CLOSE_MS = 30 * MINUTE;
/** A worker that died is noticed within this; then another one looks at what became of the answer. */
export const SENDING_HEARTBEAT_TIMEOUT_MS = 15 * SECOND;
/** Failures of our own side alone: a database that is away for a moment. */
export const SENDING_RETRY_MAX_MS = 30 * SECOND;

/** Temporal's timers count in seconds; a shorter sleep would only loop. */
export const MIN_SLEEP_MS = SECOND;

/** 1,000: about 90 idle cycles of 11 events; keeps a cold replay short. The server itself suggests at 4,096. */
export const HISTORY_EVENTS_PER_RUN = 1_000;

/** Spreads timers that start together after an outage: each wait varies by this share, up and down. */
const JITTER = 0.1;

/** A delay with jitter. `random` is in [0, 1). */
export function jittered(delayMs: number, random: number, share = JITTER): number {
  return Math.round(delayMs * (1 + share * (2 * random - 1)));
}
