import type { FieldType } from '../core/module.ts';

/** True when values of the two types can be compared and ordered as values of one. */
export function storedAlike(one: FieldType, other: FieldType): boolean {
  return one === other || (isText(one) && isText(other)) || (isNumber(one) && isNumber(other));
}

function isText(type: FieldType): boolean {
  return !isNumber(type) && type !== 'boolean' && !TIMES.has(type);
}

function isNumber(type: FieldType): boolean {
  return type === 'integer' || type === 'number' || type === 'currency';
}

const TIMES: ReadonlySet<FieldType> = new Set(['date', 'datetime', 'time']);
