/** Half away from zero, on the decimal digits that are shown (PHP pre-rounds to 15 significant digits). */
export function roundHalfUp(value: number, digits: number): number {
  const places = Math.max(-15, Math.min(15, Math.trunc(digits)));
  // There are no digits behind the point that could be rounded.
  if (!(Math.abs(value) < 1e15) && places >= 0) return value;
  const shifted = Number((Math.abs(value) * 10 ** places).toPrecision(15));
  if (!Number.isFinite(shifted)) return value;
  return Number(`${Math.sign(value) * Math.floor(shifted + 0.5)}e${-places}`) + 0;
}

/** With so many digits behind the point, however large the number is. */
export function inDigits(value: number, places: number): string {
  if (Math.abs(value) < 1e21) return value.toFixed(places);
  return String(BigInt(value)) + (places === 0 ? '' : `.${'0'.repeat(places)}`);
}
