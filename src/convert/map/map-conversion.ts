import type { ModuleDefinition } from '../../core/module.ts';
import type { SourceText } from '../../core/diagnostic.ts';
import type { WebserviceMap } from '../../document/map.ts';
import type { ConversionNote, ConversionOptions, KnownNames } from '../conversion.ts';

/** A coreBOS map that is being converted: what is known of it, and where notes are put down. */
export class MapConversion {
  readonly map: WebserviceMap;
  readonly known: KnownNames;
  readonly options: ConversionOptions;
  /** The module of its records, when its document is known. */
  readonly module: ModuleDefinition | undefined;
  readonly notes: ConversionNote[] = [];

  constructor(map: WebserviceMap, known: KnownNames, options: ConversionOptions) {
    this.map = map;
    this.known = known;
    this.options = options;
    this.module = known.modules.get(map.module?.value ?? '');
  }

  /** Puts a note down, once for each place and message. */
  note(kind: ConversionNote['kind'], at: string, message: string, where?: Pick<SourceText, 'range'> | undefined): void {
    const isKnown = this.notes.some((note) => note.at === at && note.message === message);
    if (!isKnown) this.notes.push({ kind, at, line: where?.range.start.line, message });
  }
}

/** Where values end up: as members of JSON, as text, or in a form as PHP writes it, which leaves out null. */
export type ValuePlace = 'json' | 'text' | 'php-form';
