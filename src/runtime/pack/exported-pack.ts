import { MapwrightError } from '../../core/error.ts';
import { PACK_VERSION } from '../../document/pack.ts';
import { PACK_LIMITS, type PackFile } from './pack-file.ts';

/** Throws PACK_VERSION_INVALID for a version that no pack document may have. */
export function checkPackVersion(version: string): void {
  if (PACK_VERSION.test(version)) return;
  throw new MapwrightError('PACK_VERSION_INVALID', `"${version.slice(0, 100)}" is no version of a pack`, {
    hint: 'a version such as 1, 1.2, 1.2.3 or 1.2.3-beta.1',
  });
}

/** Throws PACK_TOO_LARGE for files that no install would take as a pack. */
export function checkPackSize(files: readonly PackFile[]): void {
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const large = files.find(({ bytes }) => bytes.length > PACK_LIMITS.file);
  if (files.length > PACK_LIMITS.files) throw tooLarge(`it would have ${files.length} files`);
  if (large !== undefined) throw tooLarge(`${large.path} would have ${large.bytes.length} bytes`);
  if (total > PACK_LIMITS.total) throw tooLarge(`it would have ${total} bytes`);
}

function tooLarge(what: string): MapwrightError {
  const { files, file, total } = PACK_LIMITS;
  return new MapwrightError('PACK_TOO_LARGE', `the pack is too large to be imported anywhere: ${what}`, {
    hint: `at most ${files} files, ${file} bytes each, ${total} in all; mapwright export FOLDER writes documents without that limit`,
  });
}
