import type { FieldDefinition } from '../../core/module.ts';
import type { LegacyPart } from '../../document/map.ts';
import type { MappingConversion } from './mapping-conversion.ts';

/** One Orgfield of a mapping, and what it is for. */
export interface PartPlace {
  readonly conversion: MappingConversion;
  /** `field subject`, for notes. */
  readonly at: string;
  readonly part: LegacyPart;
  /** The field that is filled, when its module is known. */
  readonly target: FieldDefinition | undefined;
}
