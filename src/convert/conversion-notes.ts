import type { SourceText } from '../core/diagnostic.ts';
import type { ConversionNote } from './conversion.ts';

/** Where what is to be told of one document's conversion is put down. */
export class ConversionNotes {
  readonly notes: ConversionNote[] = [];

  /** Puts a note down, once for each place and message. */
  note(kind: ConversionNote['kind'], at: string, message: string, where?: Pick<SourceText, 'range'> | undefined): void {
    const isKnown = this.notes.some((note) => note.at === at && note.message === message);
    if (!isKnown) this.notes.push({ kind, at, line: where?.range.start.line, message });
  }
}
