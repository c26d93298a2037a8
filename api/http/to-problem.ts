import {
  asDatabaseFailure,
  isEndedRight,
  isRefusedValue,
  violatedConstraint,
} from '../../database/database-failure.ts';
import { type Failure, type FailureType, isFailure } from '../../domain/failure.ts';
import { failureWords } from '../accounts/failure-words.ts';
import { Problem } from './problem.ts';
import type { ProblemKind } from './problem-kinds.ts';
import type { problemReasons } from './problem-reasons.ts';
import { isValidationError, validationProblem } from './validation-problem.ts';
import { valueProblem } from './value-problem.ts';

/**
 * The one place where errors become problems. An unknown error is `unexpected`: its message may contain anything, so
 * none of it reaches the client.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isEndedRight(error)) {
    const words = 'Your right to this ended while the request was under way. Ask an administrator.';
    return new Problem('right-ended', words, { cause: error });
  }
  const known = asDatabaseFailure(error);
  if (isFailure(known)) return failureProblem(known);
  const violated = violatedConstraint(error);
  if (violated !== undefined && Object.hasOwn(constraints, violated)) {
    const { reason, words, field } = constraints[violated] as Taken;
    return new Problem(reason, words, { ...(field && { errors: [valueProblem(field, 'taken')] }), cause: error });
  }
  if (isRefusedValue(error)) {
    return new Problem('value-not-storable', 'A value cannot be stored. Look for unusual characters.', {
      cause: error,
    });
  }
  if (isValidationError(error)) return validationProblem(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return fromFastify[code]?.(error) ?? (isRefusalOfFastify(error) ? malformedRequest(error) : unexpected(error));
}

/** Fastify refuses requests for its own reasons, more of them with each release: none is a bug of ours. */
function isRefusalOfFastify(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && 'statusCode' in error)) return false;
  const { code, statusCode } = error;
  return /^FST_/.test(String(code)) && Number(statusCode) >= 400 && Number(statusCode) < 500;
}

/** A violated constraint means that a race got past the earlier checks, so these words are rarely seen. */
const constraints: Readonly<Record<string, Taken>> = {
  queues_name: {
    reason: 'queue-name-taken',
    words: 'A queue with this name exists already. Choose another name.',
    field: '/name',
  },
  teams_name: {
    reason: 'team-name-taken',
    words: 'A team with this name exists already. Choose another name.',
    field: '/name',
  },
  users_email_key: {
    reason: 'user-address-taken',
    words: 'A user with this e-mail address exists already. Change that user instead.',
    field: '/email',
  },
  provisioned_people_user_name: {
    reason: 'provisioned-name-taken',
    words: 'Another person has this userName.',
  },
  provisioned_people_external_id: {
    reason: 'provisioned-name-taken',
    words: 'Another person has this externalId.',
  },
  provisioned_groups_display_name: {
    reason: 'provisioned-name-taken',
    words: 'Another group has this displayName.',
  },
  provisioned_groups_external_id: {
    reason: 'provisioned-name-taken',
    words: 'Another group has this externalId.',
  },
  accounts_address: { reason: 'account-address-taken', words: 'This mailbox is connected already.', field: '/address' },
  canned_answers_name: {
    reason: 'canned-answer-name-taken',
    words: 'A canned answer with this name exists already. Choose another name.',
    field: '/name',
  },
  answers_open_draft: {
    reason: 'draft-own-exists',
    words: 'You have another draft of the same kind for this mail. Send or discard it first.',
  },
  api_keys_name_key: {
    reason: 'key-name-taken',
    words: 'An API key with this name exists already. Choose another name.',
  },
};

interface Taken {
  readonly reason: keyof typeof problemReasons;
  readonly words: string;
  /** JSON pointer to the value that is taken, in the body of the routes that write it. */
  readonly field?: string;
}

const kindOfFailure: Readonly<Record<FailureType, ProblemKind>> = {
  Throttled: 'unavailable',
  Unavailable: 'unavailable',
  CredentialRejected: 'sign-in-needed',
  AccessRefused: 'unavailable',
  SettingsRejected: 'settings-rejected',
  MailboxGone: 'gone',
  CursorExpired: 'unavailable',
  MessageRejected: 'message-rejected',
  SubscriptionRefused: 'unavailable',
  InvalidTransition: 'invalid-transition',
};

const reasonOfType: Readonly<Record<FailureType, keyof typeof problemReasons>> = {
  Throttled: 'service-away',
  Unavailable: 'service-away',
  CredentialRejected: 'sign-in-refused',
  AccessRefused: 'service-away',
  SettingsRejected: 'settings-refused',
  MailboxGone: 'mailbox-gone',
  CursorExpired: 'service-away',
  MessageRejected: 'message-refused',
  SubscriptionRefused: 'service-away',
  InvalidTransition: 'state-forbids',
};

function failureProblem(failure: Failure): Problem {
  const { type, reason, retryAfterMs, message } = failure;
  const kind = reason === 'settings-missing' ? 'settings-missing' : kindOfFailure[type];
  const { cause, nextStep } = failureWords(type, reason);
  // The refusal's own words ("The account is removed") are more specific than ours for the type.
  const detail = type === 'InvalidTransition' ? `${message}. ${nextStep}` : `${cause} ${nextStep}`;
  const seconds = Math.ceil((retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) / 1_000);
  const headers = kind === 'unavailable' ? { 'retry-after': String(seconds) } : {};
  return new Problem(reason ?? reasonOfType[type], detail, { kind, headers, cause: failure });
}

/** Our own dependencies restart within seconds. */
const DEFAULT_RETRY_AFTER_MS = 5_000;

const fromFastify: Readonly<Record<string, (error: unknown) => Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (cause) =>
    new Problem('body-too-large', 'The body is larger than this address accepts. Send less.', { cause }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: unsupportedMediaType,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: (cause) =>
    new Problem('content-length-wrong', 'The Content-Length header does not fit the body.', { cause }),
  FST_ERR_MAX_PARAM_LENGTH: (cause) =>
    new Problem('no-such-id', 'There is nothing with this id. Take the id from the list.', { cause }),
  FST_ERR_BAD_URL: (cause) => new Problem('address-malformed', 'The address of the request is malformed.', { cause }),
};

function unsupportedMediaType(cause: unknown): Problem {
  return new Problem('unsupported-media-type', 'Send the body as JSON, with Content-Type: application/json.', {
    cause,
  });
}

function malformedRequest(cause: unknown): Problem {
  return new Problem('request-malformed', 'The request does not fit its method, headers or body. See /docs.', {
    cause,
  });
}

function unexpected(cause: unknown): Problem {
  return new Problem(
    'unexpected',
    'Something went wrong that should not have. Try again; if it stays, give your operator the reference of this answer.',
    { cause },
  );
}
