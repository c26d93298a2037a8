import { pathToFileURL } from 'node:url';
import { type Migration, Migrator } from 'kysely/migration';
import { readMigrationConfig } from '../config/environment.ts';
import { openDatabase } from './database.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as watching from './migrations/0002-watching.ts';
import * as changeNotices from './migrations/0003-change-notices.ts';
import * as previewAndRemoval from './migrations/0004-preview-and-removal.ts';
import * as looksAndSignIns from './migrations/0005-looks-and-sign-ins.ts';
import * as looksApart from './migrations/0006-looks-apart.ts';
import * as whoSignsIn from './migrations/0007-who-signs-in.ts';
import * as subscriptionsMadeFor from './migrations/0008-subscriptions-made-for.ts';
import * as itemsAccountOpen from './migrations/0009-items-account-open.ts';
import * as walks from './migrations/0010-walks.ts';
import * as refusalsAndSignInProbes from './migrations/0011-refusals-and-sign-in-probes.ts';
import * as oneMailOneItem from './migrations/0012-one-mail-one-item.ts';
import * as processesAndKeys from './migrations/0013-processes-and-keys.ts';
import * as attemptCounts from './migrations/0014-attempt-counts.ts';
import * as textForms from './migrations/0015-text-forms.ts';
import * as leftOut from './migrations/0015b-left-out.ts';
import * as accountCommands from './migrations/0016-account-commands.ts';
import * as readers from './migrations/0017-readers.ts';
import * as ledger from './migrations/0018-ledger.ts';
import * as contentDeleted from './migrations/0018b-content-deleted.ts';
import * as noQueue from './migrations/0018c-no-queue.ts';
import * as noQueueValidated from './migrations/0018d-no-queue-validated.ts';
import * as stuckWorkflows from './migrations/0019-stuck-workflows.ts';
import * as shownColumns from './migrations/0019b-shown-columns.ts';
import * as content from './migrations/0020-content.ts';
import * as imageSenders from './migrations/0021-image-senders.ts';
import * as answers from './migrations/0022-answers.ts';
import * as work from './migrations/0023-work.ts';
import * as workValidated from './migrations/0023b-work-validated.ts';
import * as search from './migrations/0024-search.ts';
import * as searchPending from './migrations/0024b-search-pending.ts';
import * as queueTargets from './migrations/0024c-queue-targets.ts';
import * as completingAnswers from './migrations/0027-completing-answers.ts';
import * as acknowledgements from './migrations/0027b-acknowledgements.ts';
import * as keys from './migrations/0030-keys.ts';
import * as keyLimits from './migrations/0030b-key-limits.ts';
import * as secretExpiry from './migrations/0030c-secret-expiry.ts';
import * as offers from './migrations/0031-offers.ts';
import * as retention from './migrations/0034-retention.ts';
import * as searchFilters from './migrations/0035-search-filters.ts';
import * as firstAnswers from './migrations/0035b-first-answers.ts';
import * as firstAnswersBefore from './migrations/0035c-first-answers-before.ts';
import * as requestsAndLeftDrafts from './migrations/0036-requests-and-left-drafts.ts';
import * as access from './migrations/0037-access.ts';
import * as allowedAddresses from './migrations/0037b-allowed-addresses.ts';
import * as audit from './migrations/0038-audit.ts';
import * as sessions from './migrations/0039-sessions.ts';
import * as signOnSettings from './migrations/0040-sign-on-settings.ts';
import * as provisioning from './migrations/0041-provisioning.ts';
import * as clientCertificates from './migrations/0042-client-certificates.ts';
import * as applicationAccess from './migrations/0043-application-access.ts';
import * as auditStream from './migrations/0044-audit-stream.ts';
import * as auditMoreChanges from './migrations/0044b-audit-more-changes.ts';
import * as rightsInTheAct from './migrations/0044c-rights-in-the-act.ts';
import * as boardFigures from './migrations/0049-figures-of-the-board.ts';
import * as boardFiguresAlone from './migrations/0049b-figures-of-the-board-alone.ts';
import * as foldingOfDocuments from './migrations/0050-folding-of-documents.ts';
import * as documentsFoldedBefore from './migrations/0050b-documents-folded-before.ts';
import * as waitingForContentTurns from './migrations/0050c-waiting-for-content-turns.ts';
import { findServerProblem } from './processes/server-problem.ts';
import { prepareRuntime } from './roles/prepare-runtime.ts';

/** In order; the names are recorded in the database: never rename one, never change a released one. */
const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-watching': watching,
  '0003-change-notices': changeNotices,
  '0004-preview-and-removal': previewAndRemoval,
  '0005-looks-and-sign-ins': looksAndSignIns,
  '0006-looks-apart': looksApart,
  '0007-who-signs-in': whoSignsIn,
  '0008-subscriptions-made-for': subscriptionsMadeFor,
  '0009-items-account-open': itemsAccountOpen,
  '0010-walks': walks,
  '0011-refusals-and-sign-in-probes': refusalsAndSignInProbes,
  '0012-one-mail-one-item': oneMailOneItem,
  '0013-processes-and-keys': processesAndKeys,
  '0014-attempt-counts': attemptCounts,
  '0015-text-forms': textForms,
  '0015b-left-out': leftOut,
  '0016-account-commands': accountCommands,
  '0017-readers': readers,
  '0018-ledger': ledger,
  '0018b-content-deleted': contentDeleted,
  '0018c-no-queue': noQueue,
  '0018d-no-queue-validated': noQueueValidated,
  '0019-stuck-workflows': stuckWorkflows,
  '0019b-shown-columns': shownColumns,
  '0020-content': content,
  '0021-image-senders': imageSenders,
  '0022-answers': answers,
  '0023-work': work,
  '0023b-work-validated': workValidated,
  '0024-search': search,
  '0024b-search-pending': searchPending,
  '0024c-queue-targets': queueTargets,
  '0027-completing-answers': completingAnswers,
  '0027b-acknowledgements': acknowledgements,
  '0030-keys': keys,
  '0030b-key-limits': keyLimits,
  '0030c-secret-expiry': secretExpiry,
  '0031-offers': offers,
  '0034-retention': retention,
  '0035-search-filters': searchFilters,
  '0035b-first-answers': firstAnswers,
  '0035c-first-answers-before': firstAnswersBefore,
  '0036-requests-and-left-drafts': requestsAndLeftDrafts,
  '0037-access': access,
  '0037b-allowed-addresses': allowedAddresses,
  '0038-audit': audit,
  '0039-sessions': sessions,
  '0040-sign-on-settings': signOnSettings,
  '0041-provisioning': provisioning,
  '0042-client-certificates': clientCertificates,
  '0043-application-access': applicationAccess,
  '0044-audit-stream': auditStream,
  '0044b-audit-more-changes': auditMoreChanges,
  '0044c-rights-in-the-act': rightsInTheAct,
  '0049-figures-of-the-board': boardFigures,
  '0049b-figures-of-the-board-alone': boardFiguresAlone,
  '0050-folding-of-documents': foldingOfDocuments,
  '0050b-documents-folded-before': documentsFoldedBefore,
  '0050c-waiting-for-content-turns': waitingForContentTurns,
};

/**
 * Migrates a database to the newest schema, under a lock, so that many processes may try at the same time. Each
 * migration is its own transaction: one that fills a large table for minutes must not hold the locks of earlier ones.
 * Returns the names of the applied migrations. Throws at the first that fails, which leaves nothing behind; with a
 * readable message when the server cannot be Mailroom's.
 */
export async function migrateToLatest(databaseUrl: string): Promise<readonly string[]> {
  const problem = await findServerProblem(databaseUrl);
  if (problem) throw new Error(problem);
  const db = openDatabase({ url: databaseUrl, poolSize: 1, applicationName: 'mailroom-migrate' });
  try {
    const provider = { getMigrations: async () => migrations };
    // Parts of one release are written at the same time, and a database may have met a later one first.
    const migrator = new Migrator({ db, provider, allowUnorderedMigrations: true });
    const applied: string[] = [];
    for (;;) {
      const { error, results = [] } = await migrator.migrateUp();
      if (error) throw error;
      if (results.length === 0) return applied;
      applied.push(...results.map(({ migrationName }) => migrationName));
    }
  } finally {
    await db.destroy();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { url, runtimeUrl } = readMigrationConfig();
    const applied = await migrateToLatest(url);
    console.log(applied.length > 0 ? `Applied ${applied.join(', ')}` : 'The schema is up to date');
    if (runtimeUrl) {
      const db = openDatabase({ url, poolSize: 1, applicationName: 'mailroom-migrate' });
      await prepareRuntime(db, runtimeUrl).finally(() => db.destroy());
      console.log('The role of RUNTIME_DATABASE_URL has the rights of a process');
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
