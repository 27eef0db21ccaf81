import type { FirstUser } from '../open-administration.ts';

/** The administrator of a new install, with the key that is told once and what it is for. */
export function renderFirstUser({ name, accessKey }: FirstUser): string[] {
  return [
    `  first user   ${name}`,
    `  access key   ${accessKey}`,
    '  The key is shown only now: keep it, web service clients sign in with it.',
    `  A lost key is replaced by: mapwright user key ${name}`,
  ];
}
