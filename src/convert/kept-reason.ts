import type { Document } from '../document/document.ts';

const STAYS = 'has no native form; it runs as it is, and native documents name it like any other';

/** Why a document of coreBOS stays what it is; undefined for a native one and for a webservice map. */
export function keptReason(document: Document): string | undefined {
  switch (document.kind) {
    case 'rule':
      return `a ${document.form.replace('-', ' ')} ${STAYS}`;
    case 'mapping':
    case 'record-set':
    case 'information-map':
      return `${document.kind === 'information-map' ? 'an' : 'a'} ${document.kind.replace('-', ' ')} ${STAYS}`;
    default:
      return undefined;
  }
}
