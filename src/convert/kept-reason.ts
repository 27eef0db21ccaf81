import type { Document } from '../document/document.ts';

/** Why a document of coreBOS stays what it is; undefined for a native one and for those that have a native form. */
export function keptReason(document: Document): string | undefined {
  switch (document.kind) {
    case 'record-set':
      return 'a record set has no native form: its ids are those of one install; it runs as it is, and <launch records="..."> names it like any other';
    case 'information-map':
      return 'an information map has no native form: only date functions of coreBOS and ProcessMap read it; it runs as it is';
    default:
      return undefined;
  }
}
