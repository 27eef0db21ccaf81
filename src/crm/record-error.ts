import { MapwrightError } from '../core/error.ts';
import type { FieldDefinition } from '../core/module.ts';

/** So much of a name that a client made up goes into a message. */
const SHOWN_CHARACTERS = 60;

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
  return new MapwrightError('MANDATORY_FIELDS_MISSING', `${fieldTitle(field)} does not have a value`, {
    hint: `give it one: ${field.name}=...`,
  });
}

/** REFERENCE_INVALID: an id that names no record or user this field may point at. */
export function referenceInvalid(field: FieldDefinition): MapwrightError {
  return new MapwrightError('REFERENCE_INVALID', `Invalid reference specified for ${field.name}`);
}

/** ACCESS_DENIED; `subject` is the module, the id or its prefix. */
export function accessDenied(subject?: string): MapwrightError {
  const suffix = subject === undefined ? '' : ` for ${shown(subject)}`;
  return new MapwrightError('ACCESS_DENIED', `Permission to perform the operation is denied${suffix}`);
}

/** ACCESS_DENIED for a field that a module does not have, in the original's words. */
export function fieldDenied(name: string): MapwrightError {
  return new MapwrightError('ACCESS_DENIED', `Permission to access '.${shown(name)}.' attribute denied.`);
}

/** INVALID_ID_ATTRIBUTE: an id that names no record. */
export function idInvalid(): MapwrightError {
  return new MapwrightError('INVALID_ID_ATTRIBUTE', 'Id specified is incorrect');
}

/** RECORD_NOT_FOUND: an id that names no record, where the protocol calls it so. */
export function recordNotFound(id: string): MapwrightError {
  return new MapwrightError('RECORD_NOT_FOUND', `Record you are trying to access is not found: ${shown(id)}`);
}

function shown(name: string): string {
  return name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS).toWellFormed()}...` : name;
}
