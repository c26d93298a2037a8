import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import { startTestApi, type TestApi } from './test-api.ts';

/** Every address of the pages' router. */
function addressesOfPages(): string[] {
  const router = readFileSync(join(projectFolder, 'web/shell/router.tsx'), 'utf8');
  const paths = [...router.matchAll(/path: '([^'*]+)'/g)].map(([, path = '']) => path);
  const ofEmail = new Set(['settings', 'accounts']);
  return paths.map((path) => {
    const whole = ofEmail.has(path) ? `config/email/${path}` : path;
    return `/${whole.replace(/^\//, '').replace(':id', '1')}`;
  });
}

describe('the built pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-pages-'));
  let api: TestApi;
  const get = (path: string, headers: Record<string, string> = {}) => api.call('GET', path, { key: null, headers });

  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<head><meta content="CSP_NONCE"><meta content="IS_SIGNED_IN"></head>');
    writeFileSync(join(folder, 'icon.svg'), '<svg></svg>');
    writeFileSync(join(folder, 'assets', 'index-1a2b.js'), 'export {};');
    writeFileSync(join(folder, 'assets', 'index-1a2b.js.br'), brotliCompressSync('export {};'));
    writeFileSync(join(folder, 'preloads.json'), '{"/queues":["assets/a.js"],"/queues/":["assets/b.js"]}');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    api = await startTestApi({ webPages: folder });
  });
  afterAll(async () => {
    await api?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(addressesOfPages())('begin at %s, with a nonce that is never used twice and is never kept', async (path) => {
    const [one, other] = await Promise.all([get(path), get(path)]);
    expect(one.status).toBe(200);
    const nonce = /content="([^"]+)"/.exec(one.text)?.[1];
    expect(one.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(one.headers['content-security-policy']).not.toContain('unsafe');
    expect(one.headers['cache-control']).toBe('no-store');
    expect(one.text).not.toBe(other.text);
  });

  it('know whether the browser is signed in', async () => {
    const { headers } = await api.browserOf('Agent', 'agent@contoso.example');
    expect((await get('/', headers)).text).toContain('content="true"');
    expect((await get('/')).text).toContain('content="false"');
  });

  it('leave unknown addresses of the API to the API', async () => {
    for (const path of ['/api/v1/nothing', '/nothing', '/config.html']) {
      expect(await get(path), path).toMatchObject({ status: 404, json: { status: 404 } });
    }
  });

  it('tell a person who opens an unknown address so on a page', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const page = await get('/nothing', browser);
    expect(page).toMatchObject({ status: 404, text: expect.stringContaining('href="/">To the start page') });
    expect(page.text).not.toContain('/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(await get('/api/v1/nothing', browser)).toMatchObject({ status: 404, json: { status: 404 } });
  });

  it('let browsers keep built files for ever, and give away nothing else', async () => {
    const file = await get('/assets/index-1a2b.js');
    expect(file.status).toBe(200);
    expect(file.headers['cache-control']).toContain('immutable');
    for (const path of ['/assets/gone.js', '/assets/..%2fsecret.txt', '/assets/%2e%2e/secret.txt', '/secret.txt']) {
      expect((await get(path)).text, path).not.toBe('secret');
      expect([400, 404], path).toContain((await get(path)).status);
    }
  });

  it('come compressed to who accepts that, each form under its own tag', async () => {
    const plain = await get('/assets/index-1a2b.js', { 'accept-encoding': 'identity' });
    const packed = await get('/assets/index-1a2b.js', { 'accept-encoding': 'gzip;q=0.5, br' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('br');
    for (const { headers } of [plain, packed]) expect(headers.vary).toContain('accept-encoding');
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    expect(packed.headers['content-type']).toBe(plain.headers['content-type']);
    const document = await get('/', { 'accept-encoding': 'gzip' });
    expect(document.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringContaining('accept-encoding'),
    });
  });

  it('name the files of the page that is opened, for who is signed in', async () => {
    const { headers } = await api.browserOf('Agent', 'preloads@contoso.example');
    expect((await get('/queues', headers)).text).toContain(
      '<link rel="modulepreload" crossorigin href="/assets/a.js">',
    );
    expect((await get('/queues/1?state=all', headers)).text).toContain('/assets/b.js');
    for (const page of [await get('/queues'), await get('/admin/users', headers)]) {
      expect(page.text).not.toContain('modulepreload');
    }
  });

  it('show mail in a document that allows no script, and images of the page only', async () => {
    const policy = String((await get('/mail-frame')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('img-src data: blob:;');
    expect(policy).not.toMatch(/script-src|allow-scripts|allow-forms|https?:/);
  });
});
