/** What is another one each time, and what stands for it when outputs are compared. */
const VARYING: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, 'TIME'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/gu, 'TIME'],
  [/\b\d+(?:\.\d+)? (?:ms|s|min|h)\b/gu, 'LENGTH'],
  [/\b\d+[smhd]\b/gu, 'LENGTH'],
  [/\bmw-[0-9a-f]{8}-/gu, 'mw-INSTALL-'],
  [/(access key\s+)\w+/gu, '$1KEY'],
  [/\btry \d+, since\b/gu, 'try NUMBER, since'],
  // Who looks late sees earlier tries.
  [/^ +try \d+ at .*\n/gmu, ''],
  [/ +\d+ tries$/gmu, ''],
  // Columns are as wide as what stands in them.
  [/ {2,}/gu, ' '],
  [/[ \t]+$/gmu, ''],
];

/** A command's output without what varies. `given` are texts of this test, such as its folder, and what the page has instead. */
export function withoutVarying(output: string, given: Readonly<Record<string, string>> = {}): string {
  const own = Object.entries(given).reduce((text, [from, to]) => text.replaceAll(from, to), output);
  return VARYING.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), own).trim();
}
