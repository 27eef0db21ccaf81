/** What PHP's `serialize` is given: an object names its class. */
export type PhpInput = null | boolean | number | string | readonly PhpInput[] | PhpObjectInput | PhpMapInput;

export interface PhpObjectInput {
  readonly className: string;
  readonly properties: { readonly [name: string]: PhpInput };
}

export interface PhpMapInput {
  readonly entries: readonly (readonly [key: number | string, value: PhpInput])[];
}

/** The text that PHP writes for a value. */
export function phpSerialize(value: PhpInput): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return array((value as readonly PhpInput[]).map((one, index) => [index, one] as const));
  if ('entries' in value && !('className' in value)) return array((value as PhpMapInput).entries);
  const { className, properties } = value as PhpObjectInput;
  const members = Object.entries(properties).map(([name, one]) => text(name) + phpSerialize(one));
  return `O:${Buffer.byteLength(className)}:"${className}":${members.length}:{${members.join('')}}`;
}

function text(value: string): string {
  return `s:${Buffer.byteLength(value)}:"${value}";`;
}

function array(entries: PhpMapInput['entries']): string {
  const members = entries.map(([key, one]) => (typeof key === 'number' ? `i:${key};` : text(key)) + phpSerialize(one));
  return `a:${entries.length}:{${members.join('')}}`;
}
