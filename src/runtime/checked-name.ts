import { MapwrightError } from '../core/error.ts';

const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/u;
const LONGEST_NAME = 200;

/** Throws NAME_INVALID when this cannot be the name of a setting, a secret, a user, a group, a unit or a token. */
export function checkName(kind: 'setting' | 'secret' | 'user' | 'group' | 'unit' | 'token', name: string): void {
  if (NAME.test(name) && name.length <= LONGEST_NAME) return;
  throw new MapwrightError('NAME_INVALID', `"${name.slice(0, LONGEST_NAME)}" is no name of a ${kind}`, {
    hint: 'a letter first, then letters, digits, dot, hyphen and underscore',
  });
}
