import type { Document } from '../document/document.ts';

/** Which document a place in a file belongs to. */
export class DocumentPlaces {
  readonly #inFile: ReadonlyMap<string, readonly Document[]>;

  constructor(documents: readonly Document[]) {
    const groups = Map.groupBy(documents, ({ file }) => file);
    const ordered = [...groups].map(
      ([file, group]) => [file, group.toSorted((a, b) => offsetOf(a) - offsetOf(b))] as const,
    );
    this.#inFile = new Map(ordered);
  }

  /** The last document whose name stands before the place, else the first of the file. */
  at(file: string, offset: number): Document | undefined {
    const among = this.#inFile.get(file) ?? [];
    return among.findLast((document) => offsetOf(document) <= offset) ?? among[0];
  }
}

function offsetOf({ nameAt }: Document): number {
  return nameAt.range.start.offset;
}
