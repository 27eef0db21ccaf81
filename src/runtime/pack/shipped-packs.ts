import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { readPackFolder } from './pack-folder.ts';
import { PACK_DOCUMENT } from './pack-file.ts';
import { type ReadPack, readPackFiles } from './pack-source.ts';

/** Where the packs that come with the program are: each in a folder of its name. */
const SHIPPED = fileURLToPath(new URL('../../../maps/', import.meta.url));

/** The packs that come with the program, by name. One that cannot be read is left out. */
export async function shippedPacks(folder = SHIPPED): Promise<readonly ReadPack[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const packs: ReadPack[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    const files = await readPackFolder(join(folder, entry.name));
    if (!files.some(({ path }) => path === PACK_DOCUMENT)) continue;
    try {
      packs.push(readPackFiles(files));
    } catch (thrown) {
      if (!(thrown instanceof MapwrightError)) throw thrown;
    }
  }
  return packs;
}

/** One of them. Rejects with PACK_UNKNOWN. */
export async function shippedPack(name: string, folder = SHIPPED): Promise<ReadPack> {
  const packs = await shippedPacks(folder);
  const found = packs.find(({ document }) => document.name === name);
  if (found !== undefined) return found;
  throw unknownPack(
    name,
    packs.map(({ document }) => document.name),
  );
}

/** The error for a pack that is not there. */
export function unknownPack(name: string, there: readonly string[]): MapwrightError {
  return new MapwrightError('PACK_UNKNOWN', `there is no pack "${name.slice(0, 100)}"`, {
    hint:
      didYouMean(name, there) ??
      'mapwright pack list shows what is installed, pack list --available what comes with the program',
  });
}
