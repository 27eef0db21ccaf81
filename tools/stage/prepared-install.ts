import { mkdir, readFile, readdir } from 'node:fs/promises';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { openInstall } from '../../src/runtime/install.ts';
import { freePort } from './free-port.ts';

/** An install made ready in its folder, which no process runs yet. */
export interface PreparedInstall {
  readonly folder: string;
  readonly port: number;
  /** Where it is to be served. */
  readonly url: string;
  /** The administrator's web service key. */
  readonly accessKey: string;
}

const MAPS = new URL('../../maps/product-sync/', import.meta.url);

/** Makes a new install with these documents, settings and secrets. */
export async function prepareInstall(params: {
  readonly folder: string;
  readonly documents: readonly SourceFile[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}): Promise<PreparedInstall> {
  const { folder, documents, settings = {}, secrets = {} } = params;
  await mkdir(folder, { recursive: true });
  const install = await openInstall({ folder });
  try {
    const { administration, firstUser } = install;
    for (const [name, value] of Object.entries(settings)) await administration.setSetting({ name, value });
    for (const [name, value] of Object.entries(secrets)) await administration.setSecret({ name, value, by: 'stage' });
    const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: false, by: 'stage' });
    if (hasErrors(diagnostics)) throw new Error(`${diagnostics[0]?.file}: ${diagnostics[0]?.message}`);
    if (firstUser === undefined) throw new Error(`${folder} holds an install already`);
    const port = await freePort();
    return { folder, port, url: `http://127.0.0.1:${port}`, accessKey: firstUser.accessKey };
  } finally {
    await install.close();
  }
}

/** The documents that keep products in step, as they are shipped but for the first pause before a retry. */
export async function syncDocuments(retryFrom: string): Promise<SourceFile[]> {
  const files = (await readdir(MAPS)).filter((file) => file.endsWith('.xml')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, MAPS), 'utf8');
      return { file, text: text.replace('<retry from="5s"', `<retry from="${retryFrom}"`) };
    }),
  );
}

/** The settings and secrets under which an install sends its products to `peer`. */
export function syncSettings(peer: Pick<PreparedInstall, 'url' | 'accessKey'>): {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
} {
  return {
    settings: { head_office_url: peer.url, head_office_user: 'admin', 'egress.allow': '127.0.0.1:*' },
    secrets: { head_office_key: peer.accessKey },
  };
}
