import { type LogRecord, SeverityNumber } from '@opentelemetry/api';
import type { SealedEntry } from '../../database/audit/sealed-entries.ts';
import type { AuditOutcome } from '../../domain/audit-act.ts';

const severities: Readonly<Record<AuditOutcome, readonly [SeverityNumber, string]>> = {
  done: [SeverityNumber.INFO, 'INFO'],
  unchanged: [SeverityNumber.INFO, 'INFO'],
  refused: [SeverityNumber.WARN, 'WARN'],
  failed: [SeverityNumber.ERROR, 'ERROR'],
};

/**
 * An entry as a log record. The body is the text that was hashed, so that the receiver can compute the hash itself:
 * `SHA-256(hash of the record before, "<number>|<entry>|", SHA-256(body))`. The attributes are for filters.
 */
export function recordOfEntry({ content, number, hash, id, at, address, agent, ...named }: SealedEntry): LogRecord {
  const [severityNumber, severityText] = severities[named.outcome as AuditOutcome] ?? severities.done;
  const { act, outcome, reason, actor, actorName, profile, requestId, objectKind, objectId, objectName } = named;
  const attributes = {
    'mailroom.audit.number': number,
    'mailroom.audit.entry': id,
    'mailroom.audit.hash': hash.toString('hex'),
    'mailroom.audit.act': act,
    'mailroom.audit.outcome': outcome,
    'mailroom.audit.reason': reason,
    'mailroom.audit.actor': actor,
    'mailroom.audit.actor_name': actorName,
    'mailroom.audit.profile': profile,
    'mailroom.audit.request_id': requestId,
    'mailroom.audit.object_kind': objectKind,
    'mailroom.audit.object_id': objectId,
    'mailroom.audit.object_name': objectName,
    'client.address': address,
    'user_agent.original': agent,
  };
  return {
    eventName: 'mailroom.audit',
    timestamp: at,
    severityNumber,
    severityText,
    body: content,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)),
  };
}
