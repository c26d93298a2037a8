import { Gauge, Registry } from 'prom-client';
import { readTrailState } from '../database/audit/trail-state.ts';
import type { Database } from '../database/database.ts';

export interface Metrics {
  readonly contentType: string;
  /** In the text format of Prometheus. Rejects while the database is away. */
  read(): Promise<string>;
}

/** Figures of the whole installation, the same from every worker: counts and seconds, no names and no addresses. */
export function createMetrics(db: Database): Metrics {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const unsealed = gauge(
    'mailroom_audit_unsealed_seconds',
    'Age of the oldest audit entry without a place in the chain.',
  );
  const lag = gauge(
    'mailroom_audit_stream_lag_seconds',
    'Age of the oldest audit entry that the receiver did not confirm.',
  );
  const waiting = gauge('mailroom_audit_stream_waiting_entries', 'Audit entries that the receiver did not confirm.');
  const rejected = gauge(
    'mailroom_audit_stream_rejected_entries',
    'Audit entries that the receiver took and did not keep.',
  );
  return {
    contentType: registry.contentType,
    async read() {
      const { unsealedSeconds, stream } = await readTrailState(db);
      unsealed.set(unsealedSeconds);
      // Without a stream there is no lag: NaN, which no alarm compares to.
      lag.set(stream?.lagSeconds ?? Number.NaN);
      waiting.set(stream?.waiting ?? Number.NaN);
      rejected.set(stream?.rejected ?? Number.NaN);
      return await registry.metrics();
    },
  };
}
