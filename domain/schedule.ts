/** How long and how often: every time that somebody tuned, with its reason. Durations in milliseconds. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A link sent to a mailbox's owner in the evening still works the next afternoon; after that it is suspicious. */
export const SIGN_IN_EXPIRES_AFTER_MS = DAY;

/** The database's clock decides that an attempt expired; it may be behind the one that woke the workflow. */
export const EXPIRY_GRACE_MS = SECOND;

/** Entra lets a refresh token die after 90 days without use: a paused account uses its own once a week. */
export const KEEP_SIGN_IN_ALIVE_EVERY_MS = 7 * DAY;

/**
 * A drain gives its place to others after this long and is continued at once: a backlog of 100,000 messages neither
 * holds a slot for hours nor loses more than this to a restart.
 */
export const DRAIN_TURN_MS = MINUTE;

/**
 * A mailbox is drained when its reader hands it over. Should that fail for a reason that nobody thought of,
 * its workflow drains it by itself after this: four times a day costs nothing.
 */
export const DRAIN_UNASKED_AFTER_MS = 6 * HOUR;

/** Comparing mailbox and ledger costs a request for each 1,000 messages: once a day, and whenever there is a reason. */
export const RECONCILE_EVERY_MS = DAY;

/** A comparison lists for this long, then drains: mail that arrives meanwhile waits no longer than that. */
export const RECONCILE_TURN_MS = 2 * SECOND;

/** A comparison that failed gives way to drains, which show what hinders the mailbox, for this long. */
export const RECONCILE_RETRY_MS = 10 * MINUTE;

/** Delta may tell of a message a little later than a list does: younger mail is not compared. */
export const RECONCILE_SETTLED_AFTER_MS = 2 * MINUTE;

/** A full mailbox is made room in by a person, sooner or later: delta is tried again once an hour. */
export const FULL_MAILBOX_RETRY_MS = HOUR;

/**
 * Delta that was refused, failed, had no end or kept silent is tried again after a minute, then twice as late each time, up
 * to an hour: lists find new mail as quickly, and only what is moved into the inbox waits for a comparison.
 */
export function deltaRetryMs(failures: number): number {
  return Math.min(MINUTE * 2 ** (failures - 1), HOUR);
}

/** While a mailbox is read by its list, or by a walk that leaves older mail out, it is compared this often. */
export const RECONCILE_LISTED_EVERY_MS = HOUR;

/** A mailbox that was just connected is compared soon: a first walk may end too early without a word. */
export const RECONCILE_FIRST_AFTER_MS = 10 * MINUTE;

/** A page in the place of one that did not come holds a quarter of its messages; ten that came double it again. */
export const PAGE_SHRINKS_BY = 4;
export const PAGE_GROWS_AFTER = 10;

/** Pages of a walk in a row that tell nothing new: a large mailbox has some that are empty, not so many. */
export const PAGES_WITHOUT_NEWS = 20;

/** The pause after a page without news, longer each time: twenty of them take eight seconds. */
export function pauseWithoutNewsMs(pages: number): number {
  return Math.min(50 * pages, SECOND / 2);
}

/** A message, or the list of its attachments, that takes longer than this does not come. */
export const MESSAGE_WITHIN_MS = 30 * SECOND;

/** A list of attachments that could not be read is read again after this, then four times as late each, up to a day. */
export const ATTACHMENTS_RETRY_MS = MINUTE;
/** A message in quarantine is tried again by itself after a minute, then four times as late each, up to a day. */
export const QUARANTINE_RETRY_MS = MINUTE;
export const RETRIES_LATER_BY = 4;
export const RETRY_AT_LEAST_EVERY_MS = DAY;
/** After so many tries, two weeks, a list of attachments is given up: it never came. */
export const ATTACHMENT_TRIES = 20;

/** Trouble that has lasted this long is no hiccup of the mail server: what cannot be read goes to the quarantine. */
export const TROUBLE_LASTS_AFTER_MS = 30 * SECOND;

/**
 * So often a mailbox is checked by the list of its newest mail, because delta may keep silent without an error: a request
 * for every fifteen polls of a polled mailbox, one for three of a notified one.
 */
export const LIST_CHECK_POLLED_MS = 5 * MINUTE;
export const LIST_CHECK_NOTIFIED_MS = 30 * MINUTE;
/** A notification for which nothing was found in this time is followed by such a check. */
export const LIST_CHECK_AFTER_NOTIFICATION_MS = 100 * SECOND;
/** Delta may be late with younger mail than this. */
export const LIST_CHECK_SETTLED_AFTER_MS = MINUTE;

/**
 * A list shows mail by the time of its receipt, and some of it becomes visible later than younger mail: lists that take
 * the place of delta overlap by this much. What comes even later is found by the comparison.
 */
export const LIST_OVERLAP_MS = 10 * MINUTE;

/**
 * A poll captures what it finds for half a second to one and a half; the rest is the workflow's drain. The spread keeps
 * backlogs that came together from being handed over together. `random` is in [0, 1).
 */
export function pollBudgetMs(random: number): number {
  return SECOND * (0.5 + random);
}

/**
 * After a poll that captured nothing the mailbox is left alone for this long, whatever notifications come: 600 polls in the
 * ten minutes in which Microsoft allows 10,000 requests.
 */
export const POLLS_APART_MS = SECOND;

/** A poll that takes longer has learned nothing. */
export const POLL_WITHIN_MS = 10 * SECOND;
/** After a poll that learned nothing, or handed its mailbox over to a workflow that has not begun yet. */
export const POLL_RETRY_MS = 15 * SECOND;

/**
 * So many requests a minute are the polls of one mailbox, and are not counted in the database: eleven such minutes and the
 * 9,300 requests of drains stay within Microsoft's 10,000 in ten minutes.
 */
export const UNPAID_REQUESTS_A_MINUTE = 60;

/**
 * A reader writes down together what ended within this time: so late a poll may begin after it is due. A fortieth of the
 * interval is not noticed; twice a second costs next to nothing, ten times a second is for short intervals.
 */
export function settleEveryMs(pollMs: number): number {
  return Math.min(500, Math.max(100, pollMs / 40));
}

/** The schedule that a reader keeps in memory is read again this often, which finds what no notice told of. */
export const SCHEDULE_EVERY_MS = 5 * SECOND;

/** The activity of a share ends by itself after this at least, and at most twice as late: then Temporal places it again. */
export const SHARE_PLACED_FOR_MS = MINUTE;
/** Heartbeats that stay away for this long let Temporal place a share elsewhere. */
export const SHARE_HEARTBEAT_TIMEOUT_MS = 10 * SECOND;
export const SHARE_START_TO_CLOSE_MS = 10 * MINUTE;
/** Placements of one run of a reader's workflow: about three hours, 1,500 events. */
export const PLACEMENTS_PER_RUN = 120;

/** A turn plus the slowest page: Graph answers within a minute or times out itself. */
export const DRAIN_START_TO_CLOSE_MS = 5 * MINUTE;

/** Retries whose failure names no time: 1 s, 2 s, 4 s … up to this. */
export const RETRY_MAX_MS = MINUTE;

/** Wrong settings are one fault for all accounts: each asks again once a minute, not each second. */
export const SETTINGS_RETRY_MS = MINUTE;

/** Access that Graph refuses while Entra gives tokens: asked again after this at first, then after half the time it lasts … */
export const ACCESS_ASKED_AGAIN_AFTER_MS = 5 * SECOND;
/** … and at least so often: what is mended in the evening is read the same evening. */
export const ACCESS_ASKED_AGAIN_AT_LEAST_EVERY_MS = 10 * MINUTE;

/** What Graph has refused for this long may be a matter of the sign-in after all: then signing in again is offered. */
export const SIGN_IN_OFFERED_AFTER_MS = HOUR;

/** Exchange moves mailboxes and refuses them for some minutes: *no access* to a shared one is believed after this … */
export const NO_ACCESS_PROVED_AFTER_MS = 10 * MINUTE;
/** … and after so many refusals: two with a night's standstill between them would prove little. */
export const NO_ACCESS_PROVED_AFTER_ATTEMPTS = 5;

/** A sign-in that is needed is tried again without a person after this, then after the time that it has been needed … */
export const SIGN_IN_PROBED_AFTER_MS = MINUTE;
/** … but at least so often: what was revoked by mistake comes back within hours. */
export const SIGN_IN_PROBED_AT_LEAST_EVERY_MS = HOUR;

/**
 * A mailbox that is not found is mostly moved at this moment, and back within seconds; or its licence was taken away, and
 * is given again some day. Asked after five seconds, then three times as late each, up to ten minutes.
 */
export function mailboxGoneRetryMs(attempt: number): number {
  return Math.min(5 * SECOND * 3 ** (attempt - 1), 10 * MINUTE);
}

/** Moves of mailboxes within Microsoft 365 take moments, seldom hours: before this nobody is told to remove an account. */
export const MAILBOX_GONE_FOR_GOOD_AFTER_MS = 6 * HOUR;

/**
 * What is asked for as the life of a subscription, in minutes. Documented are 10,080; live tenants have refused that and
 * named 10,070, so a little less is asked for. What a refusal names counts from then on.
 */
export const SUBSCRIPTION_LIFE_MINUTES = 10_000;

/** Without a public address, or for a shared mailbox, nothing changes by itself: looked at again once a day. */
export const SUBSCRIPTION_POSSIBLE_AGAIN_MS = DAY;

/** A subscription that could not be made is tried again after a minute, then four times as long each, up to six hours. */
export function subscriptionRetryMs(failures: number): number {
  return Math.min(MINUTE * 4 ** (failures - 1), 6 * HOUR);
}

/** Making a subscription waits for two questions of Microsoft's, ten seconds each at most; with a renewal before it. */
export const SUBSCRIPTION_START_TO_CLOSE_MS = 90 * SECOND;

/** Reading and writing rows: what takes longer has lost its database. */
export const ROWS_START_TO_CLOSE_MS = 5 * SECOND;
/**
 * One attempt of a command. A worker that died or stands still has its attempt for this long; then another one tries, and
 * once more, before the command's patience ends.
 */
export const COMMAND_START_TO_CLOSE_MS = 2.5 * SECOND;
/** Shorter than the attempt, so that it ends by itself and says that the row was locked. */
export const COMMAND_LOCK_TIMEOUT_MS = 2 * SECOND;
export const COMMAND_RETRY_FIRST_MS = 200;
/** Less than the API's deadline of 8 s, so that the administrator reads the cause instead of a time-out. */
export const COMMAND_GIVE_UP_MS = 6.5 * SECOND;
/** A command without an answer holds back those after it: it is tried again soon, until its outcome is known … */
export const COMMAND_SETTLE_RETRY_MAX_MS = 2 * SECOND;
/** … or for so long. Then the row is read as it is; the order of commands keeps a late attempt from undoing later ones. */
export const COMMAND_SETTLE_GIVE_UP_MS = 5 * MINUTE;
/** Rows are read again soon after an outage, because commands wait behind that: it costs one query. */
export const ROWS_RETRY_MAX_MS = 5 * SECOND;
/** A code is good for ten minutes at Entra: after that the attempt is known to have failed. */
export const REDEEM_SETTLE_GIVE_UP_MS = 15 * MINUTE;

/** Redeeming a code is two calls to the provider and one to Graph; with retries it stays within the page's patience. */
export const REDEEM_START_TO_CLOSE_MS = 15 * SECOND;
export const REDEEM_GIVE_UP_MS = 22 * SECOND;

/**
 * Drafts that lie in an inbox for this long are mail: programs put mail there without saying that it was sent, and it stays a
 * draft for ever (microsoft-graph-docs-contrib issue 14829). People write theirs in another folder.
 */
export const DRAFT_IS_MAIL_AFTER_MS = HOUR;

/** Temporal's timers count in seconds; a shorter sleep would only go round in circles. */
export const MIN_SLEEP_MS = SECOND;

/** 1,000: about 90 idle cycles of 11 events; keeps a cold replay short. The server itself suggests at 4,096. */
export const HISTORY_EVENTS_PER_RUN = 1_000;

/** Timers that start together after an outage drift apart: each wait varies by this share, up and down. */
const JITTER = 0.1;

/** A waiting time with jitter. `random` is in [0, 1). */
export function jittered(delayMs: number, random: number, share = JITTER): number {
  return Math.round(delayMs * (1 + share * (2 * random - 1)));
}
