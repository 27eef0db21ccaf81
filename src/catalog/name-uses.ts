import type { Document } from '../document/document.ts';
import { DocumentPlaces } from './document-places.ts';

/** A document that names another document, a setting or a secret. */
export interface NameUse {
  /** The kind of document that is named, `setting` or `secret`. */
  readonly kind: string;
  readonly name: string;
  /** Where it is named. */
  readonly file: string;
  readonly offset: number;
}

/** What the documents of one set name, noted while they are compiled. */
export class NameUses {
  readonly #uses: NameUse[] = [];

  note(use: NameUse): void {
    this.#uses.push(use);
  }

  /** What each document names, each name once. */
  byDocument(documents: readonly Document[]): ReadonlyMap<Document, readonly NameUse[]> {
    const places = new DocumentPlaces(documents);
    const found = new Map<Document, Map<string, NameUse>>();
    for (const use of this.#uses) {
      const owner = places.at(use.file, use.offset);
      if (owner === undefined) continue;
      const uses = found.get(owner) ?? new Map<string, NameUse>();
      uses.set(`${use.kind} ${use.name}`, use);
      found.set(owner, uses);
    }
    return new Map([...found].map(([document, uses]) => [document, [...uses.values()]]));
  }
}
