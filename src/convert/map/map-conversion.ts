import type { ModuleDefinition } from '../../core/module.ts';
import type { WebserviceMap } from '../../document/map.ts';
import type { ConversionOptions, KnownNames } from '../conversion.ts';
import { ConversionNotes } from '../conversion-notes.ts';

/** A coreBOS map that is being converted: what is known of it, and where notes are put down. */
export class MapConversion extends ConversionNotes {
  readonly map: WebserviceMap;
  readonly known: KnownNames;
  readonly options: ConversionOptions;
  /** The module of its records, when its document is known. */
  readonly module: ModuleDefinition | undefined;

  constructor(map: WebserviceMap, known: KnownNames, options: ConversionOptions) {
    super();
    this.map = map;
    this.known = known;
    this.options = options;
    this.module = known.modules.get(map.module?.value ?? '');
  }
}

/** Where values end up: as members of JSON, as text, or in a form as PHP writes it, which leaves out null. */
export type ValuePlace = 'json' | 'text' | 'php-form';
