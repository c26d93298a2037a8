import { type Kysely, sql } from 'kysely';

/** Certificates in the place of the client secret (decision 65). A release that knows none of them reads an empty secret. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table client_certificates (
      id uuid primary key default uuidv7(),
      certificate text not null, -- PEM
      private_key text not null, -- ciphertext
      thumbprint text not null, -- SHA-1, as Entra shows it
      expires_at timestamptz not null,
      made_at timestamptz not null default now()
    )`.execute(db);
  // 'file': the one that each process was given.
  await sql`
    alter table settings
      add credential text not null default 'secret' check (credential in ('secret', 'certificate', 'file')),
      add certificate_id uuid references client_certificates,
      add previous_certificate_id uuid references client_certificates on delete set null`.execute(db);
  await sql`
    create trigger audit_change after insert or update or delete on client_certificates for each row
      execute function audit_change('thumbprint', 'thumbprint expires_at', 'private_key', '', 'id')`.execute(db);
  await sql`
    create trigger audit_change_of_credential after update of credential, certificate_id on settings for each row
      execute function audit_change('', 'credential certificate_id', '', '', 'id')`.execute(db);
}
