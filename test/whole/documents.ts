import { readFile, readdir } from 'node:fs/promises';
import type { SourceFile } from '../../src/runtime/administration.ts';

const MAPS = new URL('../../maps/', import.meta.url);

/** The shipped documents of one folder, each after `adapt`. */
export async function shippedDocuments(
  folder: 'product-sync' | 'corebos-sync',
  adapt: (text: string, file: string) => string = (text) => text,
): Promise<SourceFile[]> {
  const from = new URL(`${folder}/`, MAPS);
  const files = (await readdir(from)).filter((file) => file.endsWith('.xml')).toSorted();
  return Promise.all(
    files.map(async (file) => ({ file, text: adapt(await readFile(new URL(file, from), 'utf8'), file) })),
  );
}

/** The product sync with retries that come soon; `adapt` is applied after that. */
export function productSync(adapt: (text: string, file: string) => string = (text) => text): Promise<SourceFile[]> {
  return shippedDocuments('product-sync', (text, file) =>
    adapt(text.replace(/<retry [^>]*>/u, '<retry from="200ms" growth="1.5" to="400ms" within="1h"/>'), file),
  );
}

/** The published maps, calling this peer with this access key. */
export function publishedSync(peer: { readonly url: string; readonly key: string }): Promise<SourceFile[]> {
  return shippedDocuments('corebos-sync', (text) =>
    text
      .replace(/<wsurl>[^<]*<\/wsurl>/u, () => `<wsurl>${peer.url}/webservice.php</wsurl>`)
      .replace('ACCESS-KEY', () => peer.key),
  );
}

/** A document of the native namespace: `kind` with these attributes around the content. */
export function nativeDocument(kind: string, attributes: string, content: string): SourceFile {
  const name = /name="([^"]+)"/u.exec(attributes)?.[1] ?? kind;
  return { file: `${name}.xml`, text: `<${kind} xmlns="urn:mapwright:1" ${attributes}>${content}</${kind}>` };
}
