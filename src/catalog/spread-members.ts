import { MapwrightError } from '../core/error.ts';
import { isJsonObject, type Json } from '../core/json.ts';

/**
 * The members that a parameter with `spread` stands for, but those of names that other parameters have of their own; an empty
 * value has none. Throws PARAMETER_NOT_OBJECT.
 */
export function membersBeside(name: string, value: Json, own: ReadonlySet<string>): [member: string, value: Json][] {
  if (value === null || value === '') return [];
  if (isJsonObject(value)) return Object.entries(value).filter(([member]) => !own.has(member));
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new MapwrightError(
    'PARAMETER_NOT_OBJECT',
    `parameter "${name}" is ${found}, and is to be sent member by member`,
    {
      hint: 'give it an object such as {"name": "Anna"}; type="json" reads one from a text',
    },
  );
}
