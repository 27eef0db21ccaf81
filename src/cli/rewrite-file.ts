import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';

const MARKS: readonly { readonly bytes: readonly number[]; readonly encode: (text: string) => Buffer }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encode: (text) => Buffer.from(text, 'utf8') },
  { bytes: [0xff, 0xfe], encode: (text) => Buffer.from(text, 'utf16le') },
  { bytes: [0xfe, 0xff], encode: (text) => Buffer.from(text, 'utf16le').swap16() },
];

/**
 * Puts another text into a document's file: the same encoding and byte order mark, all or nothing, also when the process
 * is killed in the middle. Rejects with CLI_FILE_CHANGED when the file is no longer what was read, and with
 * CLI_FILE_UNWRITABLE.
 * @param before the bytes that the text was read from
 */
export async function rewriteFile(file: string, before: Buffer, text: string): Promise<void> {
  try {
    // A link stays one: what it points at is replaced.
    const target = await realpath(file);
    const mark = MARKS.find(({ bytes }) => bytes.every((byte, index) => before[index] === byte));
    const after = mark === undefined ? Buffer.from(text) : Buffer.concat([Buffer.from(mark.bytes), mark.encode(text)]);
    const { mode } = await stat(target);
    const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
    try {
      await writeDurably(temporary, after, mode);
      if (!before.equals(await readFile(target))) throw changed(file);
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
  } catch (thrown) {
    if (thrown instanceof MapwrightError) throw thrown;
    throw new MapwrightError('CLI_FILE_UNWRITABLE', `${file} cannot be written: ${messageOf(thrown)}`, {
      hint: 'see whether this user may write the file and its folder, and whether the disk is full',
      cause: thrown,
    });
  }
}

async function writeDurably(file: string, bytes: Buffer, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode & 0o777);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function changed(file: string): MapwrightError {
  return new MapwrightError('CLI_FILE_CHANGED', `${file} was changed while its tests ran; it is left as it is`, {
    hint: 'give the command again',
  });
}
