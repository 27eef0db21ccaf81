import { MapwrightError } from '../core/error.ts';
import type { FieldDefinition } from '../core/module.ts';

/** The field as people and programs know it: `Product Name (productname)`. */
function fieldTitle(field: FieldDefinition): string {
  return `${field.label} (${field.name})`;
}

/** RECORD_INVALID: a value that its field cannot keep. */
export function recordInvalid(field: FieldDefinition, problem: string): MapwrightError {
  return new MapwrightError('RECORD_INVALID', `${fieldTitle(field)} ${problem}`);
}

/** MANDATORY_FIELDS_MISSING: a mandatory field without a value. */
export function mandatoryMissing(field: FieldDefinition): MapwrightError {
  return new MapwrightError('MANDATORY_FIELDS_MISSING', `${fieldTitle(field)} does not have a value`);
}

/** REFERENCE_INVALID: an id that names no record or user this field may point at. */
export function referenceInvalid(field: FieldDefinition): MapwrightError {
  return new MapwrightError('REFERENCE_INVALID', `Invalid reference specified for ${field.name}`);
}

/** ACCESS_DENIED; `subject` is the module, the id or its prefix. */
export function accessDenied(subject?: string): MapwrightError {
  const suffix = subject === undefined ? '' : ` for ${subject}`;
  return new MapwrightError('ACCESS_DENIED', `Permission to perform the operation is denied${suffix}`);
}

/** INVALID_ID_ATTRIBUTE: an id that names no record. */
export function idInvalid(): MapwrightError {
  return new MapwrightError('INVALID_ID_ATTRIBUTE', 'Id specified is incorrect');
}
