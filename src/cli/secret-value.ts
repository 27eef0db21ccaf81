import { readFile, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { MapwrightError } from '../core/error.ts';
import { LARGEST_SECRET_BYTES } from '../core/secret.ts';
import { readHidden } from './hidden-value.ts';
import { missingFile } from './missing-file.ts';
import type { Shell } from './shell.ts';

/** Where the value of a secret comes from; never from the command line itself. */
export interface SecretSource {
  /** A file, instead of a prompt or a pipe. */
  readonly file?: string;
  /** True: the bytes of the file are stored as base64. */
  readonly base64?: boolean;
}

/** Files of these kinds hold bytes, which credentials take as base64. */
const BYTES = new Set(['.p12', '.pfx']);

/**
 * The value of a secret: asked for, piped in, or read from a file. Rejects with CLI_SECRET_EMPTY, CLI_SECRET_BYTES for a
 * file that is no text, SECRET_TOO_LARGE, and as `missingFile` says.
 */
export async function readSecretValue(
  name: string,
  { file, base64 }: SecretSource,
  shell: Pick<Shell, 'input' | 'workingFolder'>,
): Promise<string> {
  const value =
    file === undefined
      ? await readHidden(shell, `value of ${name} (not shown): `)
      : await fileValue({ file, base64: base64 ?? BYTES.has(extname(file).toLowerCase()) }, shell.workingFolder);
  if (value !== '') return value;
  throw new MapwrightError('CLI_SECRET_EMPTY', `no value came for the secret ${name}`, {
    hint: 'nothing was changed; to take a secret away use: mapwright secret remove',
  });
}

async function fileValue(
  { file, base64 }: { readonly file: string; readonly base64: boolean },
  workingFolder: string,
): Promise<string> {
  const bytes = await bytesOf(file, workingFolder).catch(async (thrown: unknown) => {
    if (thrown instanceof MapwrightError) throw thrown;
    throw await missingFile({ file, workingFolder, thrown });
  });
  return base64 ? bytes.toString('base64') : withoutLineEnd(textOf(bytes, file));
}

async function bytesOf(file: string, workingFolder: string): Promise<Buffer> {
  const path = resolve(workingFolder, file);
  const { size } = await stat(path);
  if (size <= LARGEST_SECRET_BYTES) return readFile(path);
  throw new MapwrightError('SECRET_TOO_LARGE', `${file} has ${size} bytes; a secret has 1 MiB at most`, {
    hint: 'is it the right file? A certificate with its chain has a few thousand',
  });
}

function textOf(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new MapwrightError('CLI_SECRET_BYTES', `${file} is no text in UTF-8`, {
      hint: 'to store its bytes as base64, which credentials with a .p12 or .pfx file take: --base64',
      cause,
    });
  }
}

/** An editor ends a password with a line break that is not part of it; PEM, of many lines, stays as it is. */
function withoutLineEnd(text: string): string {
  const line = text.replace(/\r?\n$/u, '');
  return line.includes('\n') ? text : line;
}
