import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Failure, type FailureReason, type FailureType, failureReasons, failureTypes } from '../domain/failure.ts';

/** Status codes of gRPC. */
const CANCELLED = 1;
const FAILED_PRECONDITION = 9;

/** Converts what a Temporal client call throws into a Failure of ours; returns an unknown error unchanged. */
export function toFailure(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure && isFailureType(cause.type)) {
      // The last attempt may have been carried out all the same: a lost answer looks like a missing one.
      const isUnclear = cause.type === 'Unavailable';
      return new Failure(cause.type, cause.message, { reason: reasonOf(cause), isUnclear, cause: error });
    }
    return error;
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadline(error)) {
    return new Failure('Unavailable', 'No worker answered in time', {
      reason: 'no-worker',
      isUnclear: true,
      cause: error,
    });
  }
  if (isPreconditionFailed(error)) {
    return new Failure('Unavailable', 'The workflow cannot go on', { reason: 'workflow-stuck', cause: error });
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) {
    return unanswered(error);
  }
  return error;
}

/** The call was sent, so the server may have received it. */
export function unanswered(cause: unknown): Failure {
  const details = { reason: 'temporal-down', isUnclear: true, cause } as const;
  return new Failure('Unavailable', 'The Temporal server does not answer', details);
}

/** Our own deadline arrives as DEADLINE_EXCEEDED or, from a call that was polling, as CANCELLED. */
function isDeadline(error: unknown): boolean {
  const grpc = error instanceof ServiceError ? error.cause : error;
  return isGrpcDeadlineError(grpc) || (isGrpcServiceError(grpc) && grpc.code === CANCELLED);
}

/**
 * The server refuses updates at once to a workflow whose task failed three times in a row, because no running worker
 * can replay it (`WorkflowNotReady`, service/history/api/updateworkflow in temporalio/temporal).
 */
function isPreconditionFailed(error: unknown): boolean {
  const grpc = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(grpc) && grpc.code === FAILED_PRECONDITION;
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
