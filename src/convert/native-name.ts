/** The name as native documents write names: letters, digits and a few marks. Undefined when it is one already. */
export function nativeNameFor(name: string, otherwise: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9._-]*$/u.test(name)) return undefined;
  const plain = name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/gu, '-')
    .replaceAll(/^[^A-Za-z]+|-+$/gu, '');
  return plain === '' ? otherwise : plain;
}
