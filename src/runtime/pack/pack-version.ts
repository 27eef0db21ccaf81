/** True when the first version comes before the second: 1.9 before 1.10, and 2.0.0-beta.1 before 2.0.0. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [partsOf(version), partsOf(than)];
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  // What is still to become a version comes before it.
  if (a.label === undefined || b.label === undefined) return a.label !== undefined && b.label === undefined;
  return a.label.localeCompare(b.label, 'en', { numeric: true }) < 0;
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly label: string | undefined } {
  const [numbers = '', ...label] = version.split('-');
  return { numbers: numbers.split('.').map(Number), label: label.length === 0 ? undefined : label.join('-') };
}
