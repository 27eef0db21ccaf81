/** A value as PHP's `serialize` writes it. Whole numbers beyond 2^53 are texts, so that no digit is lost. */
export type PhpValue = null | boolean | number | string | PhpArray | PhpObject;

/** An array: lists have the keys `0`, `1`, ... */
export interface PhpArray {
  readonly kind: 'array';
  readonly entries: ReadonlyMap<string, PhpValue>;
}

/** An object's data. Of its class only the name is known, and nothing of it is ever run. */
export interface PhpObject {
  readonly kind: 'object';
  readonly className: string;
  /** By name, whoever may see them; where a class and one above it have private ones of the same name, the last. */
  readonly properties: ReadonlyMap<string, PhpValue>;
}

/** The text that PHP makes of a scalar; undefined for an array or an object. */
export function phpText(value: PhpValue | undefined): string | undefined {
  if (value === undefined || value === null || value === false) return '';
  if (value === true) return '1';
  return typeof value === 'object' ? undefined : String(value);
}

/** Whether PHP takes the value for true: `"0"` and an empty array are not. */
export function phpTruth(value: PhpValue | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === '0' || value === 0) return false;
  if (typeof value === 'boolean') return value;
  return typeof value === 'object' && value.kind === 'array' ? value.entries.size > 0 : true;
}
