import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteEndOfFile } from '../../database/accounts/client-certificates.ts';
import { takeExpiryWarnings } from '../../database/accounts/expiry-warnings.ts';
import { findSettings, getSettings } from '../../database/accounts/settings.ts';
import { forgetPrevious } from '../../database/accounts/settings-credential.ts';
import { MAILROOM_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { control, simulatorSettings as simulatedSettings } from '../graph/simulated-sign-in.ts';
import { makeClientCertificate, type TestCertificate } from '../simulator/client-certificate.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let simulator: Simulator;
let api: TestApi;
let ofFile: TestCertificate;
beforeAll(async () => {
  ofFile = await makeClientCertificate();
  simulator = await startSimulator();
  const certificate = { certificate: ofFile.pem, privateKey: ofFile.keyPem };
  api = await startTestApi({ simulatorUrl: simulator.url, certificate });
  await put(simulatedSettings);
});
afterAll(async () => {
  await api?.stop();
  await simulator?.close();
});

const settings = '/api/v1/email/settings';
const { clientSecret: _, ...ids } = simulatedSettings;
const get = async () => (await api.call('GET', settings)).json;
const put = (body: object) => api.call('PUT', settings, { body });
const make = async () => (await api.call('POST', `${settings}/certificates`)).json;
const list = async () => (await api.call('GET', `${settings}/certificates`)).json.certificates;
const register = (pem: string) =>
  control(simulator.url, 'POST', `/control/apps/${MAILROOM_CLIENT_ID}/certificates`, { pem });
const use = (certificateId: string | null, more: object = {}) => put({ ...ids, certificateId, ...more });

describe('a certificate that Mailroom makes', () => {
  it('is shown to be uploaded, and its private key is neither answered, logged nor stored in clear', async () => {
    const { status, json, text } = await api.call('POST', `${settings}/certificates`);
    expect([status, json]).toMatchObject([
      201,
      { use: 'unused', daysLeft: 365, certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/) },
    ]);
    expect(json.thumbprint).toMatch(/^[\dA-F]{40}$/);
    const rows = JSON.stringify(await api.db.selectFrom('clientCertificates').selectAll().execute());
    for (const place of [text, rows, api.log(), JSON.stringify(await list())]) expect(place).not.toMatch(/PRIVATE/);
    const entries = await api.db.selectFrom('auditEntries').select(['act', 'changes']).execute();
    expect(entries.map(({ act }) => act)).toContain('certificate.make');
    expect(JSON.stringify(entries)).not.toContain('v1.test.');
  });

  it('takes the place of the secret only once Microsoft knows it, and the secret stays beside it for an hour', async () => {
    const { id, certificate, thumbprint } = await make();
    const refused = await use(id);
    expect([refused.status, refused.json.facts.finding]).toEqual([422, 'client-certificate-refused']);
    expect((await get()).certificateId).toBe(null);

    await register(certificate);
    const checked = await api.call('POST', `${settings}/check`, { body: { certificateId: id } });
    expect(checked.json).toMatchObject({ works: true });
    expect((await use(id)).json).toMatchObject({
      certificateId: id,
      clientSecret: { set: false, endsWith: null, daysLeft: null, previousUntil: expect.any(String) },
    });
    expect(await list()).toContainEqual(expect.objectContaining({ id, thumbprint, use: 'in-use' }));
    expect(await findSettings(api.db, api.keys)).toMatchObject({
      clientSecret: '',
      certificate: { certificate },
      previousSecret: simulatedSettings.clientSecret,
    });
    // Saved again without a word of it, it stays, also for another app; the old secret goes nowhere else.
    expect((await put(ids)).json.certificateId).toBe(id);
    const otherApp = { ...ids, clientId: '99999999-9999-4999-8999-999999999999', force: true };
    expect((await put(otherApp)).json).toMatchObject({ certificateId: id, clientSecret: { previousUntil: null } });
    expect((await use(null, { force: true })).json.reason).toBe('secret-missing');
    await put(ids);
  });

  it('is replaced without a gap: the one before stays beside the next, and may go only then', async () => {
    const { certificateId: first } = await get();
    const next = await make();
    await register(next.certificate);
    expect((await api.call('DELETE', `${settings}/certificates/${first}`)).json.reason).toBe('certificate-in-use');
    expect((await use(next.id)).json.certificateId).toBe(next.id);
    expect((await list()).find(({ id }: { id: string }) => id === first)).toMatchObject({ use: 'before' });
    expect(await findSettings(api.db, api.keys)).toMatchObject({
      certificate: { certificate: next.certificate },
      previousCertificate: { certificate: expect.any(String) },
    });
    expect((await api.call('DELETE', `${settings}/certificates/${first}`)).status).toBe(204);
    expect(await findSettings(api.db, api.keys)).not.toHaveProperty('previousCertificate');
    expect((await api.call('DELETE', `${settings}/certificates/${first}`)).json.reason).toBe('no-such-certificate');
  });

  it('knows its own end, which is warned of like that of a secret', async () => {
    expect(await takeExpiryWarnings(api.db)).toEqual([]);
    const clientSecretExpiresAt = new Date(Date.now() + 6.5 * 86_400_000);
    await api.db.updateTable('settings').set({ clientSecretExpiresAt }).execute();
    expect(await takeExpiryWarnings(api.db)).toMatchObject([{ what: 'client-certificate', days: 7 }]);
    expect(await takeExpiryWarnings(api.db)).toEqual([]);
  });

  it('gives way to a secret again, which it then stands beside', async () => {
    const { certificateId } = await get();
    expect((await put(simulatedSettings)).json).toMatchObject({ certificateId: null, clientSecret: { set: true } });
    expect((await list()).find(({ id }: { id: string }) => id === certificateId)).toMatchObject({ use: 'before' });
    expect(await findSettings(api.db, api.keys)).toMatchObject({
      clientSecret: simulatedSettings.clientSecret,
      previousCertificate: { certificate: expect.any(String) },
    });
    const previousClientSecretUntil = new Date(Date.now() - 1);
    await api.db.updateTable('settings').set({ previousClientSecretUntil }).execute();
    await forgetPrevious(api.db);
    expect((await get()).clientSecret.previousUntil).toBe(null);
    const [row] = await api.db.selectFrom('settings').select('previousCertificateId').execute();
    expect(row).toEqual({ previousCertificateId: null });
  });

  it('is refused where there is none of that id, and beside a secret', async () => {
    const nowhere = await use('99999999-9999-4999-8999-999999999999');
    expect([nowhere.status, nowhere.json.errors]).toMatchObject([422, [{ reason: 'no-certificate' }]]);
    const both = await put({ ...simulatedSettings, certificateId: 'file' });
    expect([both.status, both.json.errors]).toMatchObject([422, [{ reason: 'secret-or-certificate' }]]);
  });
});

describe('the certificate of the files', () => {
  it('is used by every process from its own files; one without them says so', async () => {
    await register(ofFile.pem);
    expect((await use('file')).json).toMatchObject({ certificateId: 'file' });
    expect((await list())[0]).toMatchObject({ id: 'file', use: 'in-use', madeAt: null });
    const certificate = { certificate: ofFile.pem, privateKey: ofFile.keyPem };
    expect((await getSettings(api.db, api.keys, certificate)).certificate).toEqual(certificate);
    await expect(getSettings(api.db, api.keys)).rejects.toMatchObject({
      type: 'SettingsRejected',
      reason: 'client-certificate-missing',
    });
  });

  it('ends when its files say so, although nothing is saved when they are replaced', async () => {
    const soon = await makeClientCertificate({ notAfter: new Date(Date.now() + 10 * 86_400_000) });
    await noteEndOfFile(api.db, { certificate: soon.pem, privateKey: soon.keyPem });
    expect(await takeExpiryWarnings(api.db)).toMatchObject([{ what: 'client-certificate', days: 14 }]);
    await noteEndOfFile(api.db, { certificate: soon.pem, privateKey: soon.keyPem });
    expect(await takeExpiryWarnings(api.db)).toEqual([]);
    await put({ ...simulatedSettings, keepPrevious: false });
  });
});
