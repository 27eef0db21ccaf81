import type { Shell } from './shell.ts';

/** A confidential value: asked for without showing it where a person types, else what is piped in. Empty when none came. */
export async function readHidden({ input }: Pick<Shell, 'input'>, question: string): Promise<string> {
  if (input.interactive) return input.askHidden(question);
  return (await input.readAll()).toString('utf8').replace(/\r?\n$/u, '');
}
