import { textOf } from './input.ts';
import type { Vector } from './vector.ts';

/** Functions whose result no fact can hold, and why. */
const UNREPEATABLE: readonly (readonly [RegExp, string])[] = [
  [/\bget(?:Latitude|Longitude|LongitudeLatitude|GEODistance\w*)\(/u, 'asks a live geocoder'],
  [/\bEUVATValidation\(/u, 'asks a live VAT service'],
  [/\b(?:randomstring|randomnumber|faker|uniqid)\(/u, 'gives a random value'],
];

/** Why a vector cannot be judged anywhere but where it was recorded; undefined when it can. */
export function reasonToSkip({ area, input, expected, quirk }: Vector): string | undefined {
  // A refusal that stays one can be judged anywhere.
  if (area !== 'expression' || (isFailure(expected) && quirk !== 'fix')) return undefined;
  const text = textOf(input, 'expression');
  return UNREPEATABLE.find(([pattern]) => pattern.test(text))?.[1];
}

function isFailure(expected: Vector['expected']): boolean {
  return typeof expected === 'object' && expected !== null && 'error' in expected;
}
