import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrors } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import type { CheckReport, SourceFile } from '../../runtime/administration.ts';
import { DEMO_FILE } from '../install-folder.ts';
import { type ServedInstall, serveInstall } from '../serve-install.ts';
import { WebserviceClient } from './webservice-client.ts';

/** Two installs on this machine, each with its own folder, database and port. */
export interface Stage {
  readonly folders: { readonly A: string; readonly B: string };
  readonly a: ServedInstall;
  /** The other side; replaced when it is switched off and on. */
  b: ServedInstall;
  readonly keys: { readonly a: string; readonly b: string };
  readonly checked: CheckReport;
}

const HOST = '127.0.0.1';
/** Products that B has of its own, so that ids differ. */
export const PRODUCTS_AT_B = 6;

/** Where the package keeps its documents: the same place seen from src/ and from dist/. */
const MAPS = new URL('../../../maps/', import.meta.url);

/** Sets both installs up: B with products of its own, A with the documents that keep it in step with B. */
export async function setStage(params: { folder: string; published: boolean }): Promise<Stage> {
  const folders = { A: join(params.folder, 'a'), B: join(params.folder, 'b') };
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
  const b = await serve(folders.B, 0);
  const key = b.firstUser?.accessKey ?? '';
  const documents = await readDocuments(params.published ? 'corebos-sync' : 'product-sync', { url: b.url, key });
  const module = documents.filter(({ file }) => file === 'Products.xml');
  await apply(b, module);
  await fillProducts(b, key);
  const a = await serve(folders.A, 0);
  const { administration } = a.install;
  for (const [name, value] of Object.entries({
    head_office_url: b.url,
    head_office_user: 'admin',
    'egress.allow': new URL(b.url).host,
  })) {
    await administration.setSetting({ name, value });
  }
  await administration.setSecret({ name: 'head_office_key', value: key, by: 'demo' });
  const checked = await administration.check({ documents });
  await apply(a, documents);
  return { folders, a, b, keys: { a: a.firstUser?.accessKey ?? '', b: key }, checked };
}

function serve(folder: string, port: number): Promise<ServedInstall> {
  return serveInstall({ folder, host: HOST, port, log: () => undefined });
}

/** Switches B off; what it had committed stays in its folder. */
export async function switchOff(stage: Stage): Promise<void> {
  await stage.b.stop();
}

/** Switches B on again, at the same address. */
export async function switchOn(stage: Stage): Promise<void> {
  stage.b = await serve(stage.folders.B, Number(new URL(stage.b.url).port));
}

/** Notes both folders, for `--at A` and `--at B`. */
export async function noteFolders(stage: Stage): Promise<void> {
  await writeFile(join(tmpdir(), DEMO_FILE), JSON.stringify(stage.folders));
}

/** Forgets the noted folders, which are about to be removed. */
export async function forgetFolders(): Promise<void> {
  await rm(join(tmpdir(), DEMO_FILE), { force: true });
}

/** The package's documents. The demo waits 1 s before the first retry instead of 5 s, so that it ends soon. */
async function readDocuments(name: string, peer: { url: string; key: string }): Promise<SourceFile[]> {
  const folder = new URL(`${name}/`, MAPS);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.xml')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return { file, text: adapt(text, peer) };
    }),
  );
}

/** What is adapted in the documents: the retry's first pause, and in the published maps the URL and the access key. */
function adapt(text: string, { url, key }: { url: string; key: string }): string {
  return text
    .replace('<retry from="5s"', '<retry from="1s"')
    .replace(/<wsurl>[^<]*<\/wsurl>/u, () => `<wsurl>${url}/webservice.php</wsurl>`)
    .replace('ACCESS-KEY', () => key);
}

async function apply({ install }: ServedInstall, documents: readonly SourceFile[]): Promise<void> {
  const report = await install.administration.apply({ documents, prune: false, dryRun: false, by: 'demo' });
  if (!hasErrors(report.diagnostics)) return;
  const [first] = report.diagnostics;
  throw new MapwrightError('DEMO_DOCUMENTS', `the demo's documents have errors: ${first?.file} ${first?.message}`);
}

async function fillProducts(b: ServedInstall, accessKey: string): Promise<void> {
  const client = await WebserviceClient.signIn({ url: b.url, user: 'admin', accessKey });
  for (let number = 1; number <= PRODUCTS_AT_B; number++) {
    await client.create('Products', { productname: `Product ${number} of B`, serial_no: `B-${number}` });
  }
  await client.signOut();
}
