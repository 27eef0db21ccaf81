import type { ModuleDefinition } from '../../core/module.ts';
import { dataPathOf } from '../../catalog/mapping/mapping-parts.ts';
import type { MappingDocument } from '../../document/mapping/mapping.ts';
import type { LegacyPart } from '../../document/map.ts';
import type { ConversionOptions, KnownNames } from '../conversion.ts';
import { ConversionNotes } from '../conversion-notes.ts';

/** A coreBOS mapping that is being converted: what is known of it, and where notes are put down. */
export class MappingConversion extends ConversionNotes {
  readonly mapping: MappingDocument;
  readonly known: KnownNames;
  readonly options: ConversionOptions;
  /** True when a part walks through nested data: what is mapped are rows from elsewhere, and no records. */
  readonly isOfRows: boolean;
  /** The module whose records are mapped, when its document is known. */
  readonly from: ModuleDefinition | undefined;
  /** The module that is filled, when its document is known. */
  readonly to: ModuleDefinition | undefined;

  constructor(mapping: MappingDocument, known: KnownNames, options: ConversionOptions) {
    super();
    this.mapping = mapping;
    this.known = known;
    this.options = options;
    this.isOfRows = partsOf(mapping).some(isDataPath);
    this.from = this.isOfRows ? undefined : known.modules.get(mapping.from?.value ?? '');
    this.to = known.modules.get(mapping.to?.value ?? '');
  }
}

function partsOf({ fields }: MappingDocument): readonly LegacyPart[] {
  return fields.flatMap(({ source }) => (source.kind === 'parts' ? source.parts : []));
}

function isDataPath({ source, text }: LegacyPart): boolean {
  return (source === 'field' || source === 'name') && dataPathOf(text.value) !== undefined;
}
