import type { DocumentHead } from '../common.ts';
import type { Place } from '../place.ts';

/** A coreBOS document carries no name: it is called as its file is. Undefined without one (COREBOS_NAME_MISSING). */
export function readLegacyHead(place: Place): DocumentHead | undefined {
  const { file } = place.log;
  const name = nameOfFile(file);
  if (name === '') {
    place.error('COREBOS_NAME_MISSING', 'a coreBOS map is named after its file, and this one has no file name');
    return undefined;
  }
  const nameAt = { value: name, range: place.element.nameRange };
  return { name, nameAt, file, label: undefined, author: undefined, description: undefined };
}

/** `maps/ProductSync.xml` gives `ProductSync`. */
function nameOfFile(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return base.replace(/\.xml$/iu, '').trim();
}
