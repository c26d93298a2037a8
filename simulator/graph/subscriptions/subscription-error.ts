import type { FaultReason } from '../../faults.ts';
import { GraphError } from '../graph-error.ts';

export function invalidRequest(message: string): GraphError {
  return new GraphError(400, 'InvalidRequest', message);
}

export function subscriptionNotFound(): GraphError {
  return new GraphError(404, 'ResourceNotFound', 'The object was not found.');
}

interface Refusal {
  readonly status: number;
  readonly inner: string;
}

const REFUSALS: Readonly<Record<FaultReason, Refusal>> = {
  unsupported: {
    status: 404,
    inner: 'Status Code: NotFound; Reason: REST API is not yet supported for this mailbox.',
  },
  stale: { status: 503, inner: 'Status Code: ServiceUnavailable; Reason: Mailbox info is stale.' },
  quarantined: {
    status: 500,
    inner: 'Status Code: InternalServerError; Reason: Request has been quarantined by condition.',
  },
  forbidden: {
    status: 403,
    inner: 'Status Code: Forbidden; Reason: Access is denied. Check credentials and try again.',
  },
  canceled: { status: 500, inner: 'A task was canceled.' },
};

/**
 * The mailbox's error, wrapped by the subscription service: texts of microsoftgraph/microsoft-graph-docs#6869,
 * microsoft-graph-docs-contrib#6584, microsoft-graph-devx-api#126 and msgraph-sdk-dotnet#365. None of them shows the
 * outer status; it is assumed to be the inner one.
 */
export function wrappedError(reason: FaultReason, operation = 'Create'): GraphError {
  const { status, inner } = REFUSALS[reason];
  return new GraphError(status, 'ExtensionError', `Operation: ${operation}; Exception: [${inner}]`);
}

/** The same for a reason that is not a fault. */
export function wrappedRefusal(status: number, statusName: string, reason: string): GraphError {
  const message = `Operation: Create; Exception: [Status Code: ${statusName}; Reason: ${reason}]`;
  return new GraphError(status, 'ExtensionError', message);
}
