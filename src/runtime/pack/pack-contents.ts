import type { Diagnostic } from '../../core/diagnostic.ts';
import { LOCAL_SETTINGS } from '../../core/local-setting.ts';
import type { Document } from '../../document/document.ts';
import type { PackDocument } from '../../document/pack.ts';
import { documentKey } from '../document-set.ts';
import { PACK_DOCUMENT } from './pack-file.ts';

/**
 * Compares what a pack says it brings with what is in it: PACK_DOCUMENT_UNLISTED, PACK_DOCUMENT_MISSING, and
 * PACK_SETTING_RESERVED for settings that only those who run the install may set.
 */
export function checkContents(pack: PackDocument, documents: readonly Document[]): Diagnostic[] {
  const listed = new Set(pack.documents.map(documentKey));
  const there = new Set(documents.map(documentKey));
  const unlisted = documents.filter((document) => !listed.has(documentKey(document)));
  const missing = pack.documents.filter((entry) => !there.has(documentKey(entry)));
  const reserved = pack.settings.filter(({ name }) => LOCAL_SETTINGS.has(name));
  return [
    ...unlisted.map(({ kind, name, file, nameAt }): Diagnostic => ({
      severity: 'error',
      code: 'PACK_DOCUMENT_UNLISTED',
      message: `${kind} "${name}" is in the pack, and ${PACK_DOCUMENT} does not name it`,
      hint: `add to ${PACK_DOCUMENT}: <document kind="${kind}" name="${name}"/>`,
      file,
      range: nameAt.range,
    })),
    ...missing.map(({ kind, name, range }): Diagnostic => ({
      severity: 'error',
      code: 'PACK_DOCUMENT_MISSING',
      message: `${PACK_DOCUMENT} names ${kind} "${name}", and it is not in the pack`,
      hint: 'put its file in, or take the line away',
      file: PACK_DOCUMENT,
      range,
    })),
    ...reserved.map(({ name, range }): Diagnostic => ({
      severity: 'error',
      code: 'PACK_SETTING_RESERVED',
      message: `the setting "${name}" is about the safety of the whole install: no pack may want it`,
      hint: 'give the setting of the pack a name of its own',
      file: PACK_DOCUMENT,
      range,
    })),
  ];
}
