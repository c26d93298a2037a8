import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/common';
import { Failure, type FailureReason, type FailureType, failureReasons, failureTypes } from '../domain/failure.ts';

/** Status codes of gRPC. */
const CANCELLED = 1;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

/** Converts what a Temporal client call throws into a Failure of ours; returns an unknown error unchanged. */
export function toFailure(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      // The last attempt may have been carried out all the same: a lost answer looks like a missing one.
      const isUnclear = cause.type === 'Unavailable';
      return new Failure(cause.type, cause.message, { reason: reasonOf(cause), isUnclear, cause: error });
    }
    return ended(error);
  }
  if (error instanceof WorkflowNotFoundError || hasCode(error, NOT_FOUND, ABORTED)) return ended(error);
  if (error instanceof NamespaceNotFoundError) {
    return new Failure('Unavailable', 'Temporal does not have the namespace', {
      reason: 'namespace-missing',
      cause: error,
    });
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error)) {
    return new Failure('Unavailable', 'No worker answered in time', {
      reason: 'no-worker',
      isUnclear: true,
      cause: error,
    });
  }
  // The server refuses updates at once to a workflow whose task failed three times in a row, because no running worker
  // can replay it (`WorkflowNotReady`, service/history/api/updateworkflow in temporalio/temporal).
  if (hasCode(error, FAILED_PRECONDITION)) {
    return new Failure('Unavailable', 'The workflow cannot go on', { reason: 'workflow-stuck', cause: error });
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) {
    return unanswered(error);
  }
  return error;
}

/**
 * The run ended while it carried the update out: terminated, reset, failed or deleted. The server answers accepted
 * updates with a failure of its own (`AcceptedUpdateCompletedWorkflow`), and does not find others.
 */
function ended(cause: unknown): Failure {
  const details = { reason: 'workflow-ended', isUnclear: true, cause } as const;
  return new Failure('Unavailable', 'The workflow ended before it answered', details);
}

/** The call was sent, so the server may have received it. */
export function unanswered(cause: unknown): Failure {
  const details = { reason: 'temporal-down', isUnclear: true, cause } as const;
  return new Failure('Unavailable', 'The Temporal server does not answer', details);
}

/** Our own deadline arrives as DEADLINE_EXCEEDED or, from a call that was polling, as CANCELLED. */
function isDeadline(error: unknown): boolean {
  return isGrpcDeadlineError(error) || hasCode(error, CANCELLED);
}

function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  const grpc = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(grpc) && codes.includes(grpc.code);
}

/** In the form in which `asActivityFailure` passes it on. */
function reasonOf({ details }: ApplicationFailure): FailureReason | undefined {
  const [told] = details ?? [];
  const reason = told && typeof told === 'object' && 'reason' in told ? told.reason : undefined;
  return failureReasons.find((known) => known === reason);
}

function isFailureType(type: string | null | undefined): type is FailureType {
  return failureTypes.some((known) => known === type);
}
