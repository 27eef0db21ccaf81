import type { FirstUser } from '../open-administration.ts';

/** The administrator of a new install, with the key that is told once and what it is for; `command` is how Mapwright is called. */
export function renderFirstUser({ name, accessKey }: FirstUser, command: string): string[] {
  return [
    `  first user   ${name}`,
    `  access key   ${accessKey}`,
    '  The key is shown only now: keep it, web service clients sign in with it.',
    `  A lost key is replaced by: ${command} user key ${name}`,
  ];
}
