import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { MapwrightError, messageOf } from '../core/error.ts';
import { isJsonObject } from '../core/json.ts';
import type { RecordFailure } from '../runtime/import/import-administration.ts';

/**
 * The records that a transfer could not take, one JSON object a line, in a file that is written as they come: a transfer
 * that is killed leaves it, and one that goes on adds to it.
 */
export class FailureFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Forgets what an earlier transfer left. */
  async begin(): Promise<void> {
    await rm(this.#path, { force: true });
  }

  /** Rejects with CLI_FILE_UNWRITABLE. */
  async add(failures: readonly RecordFailure[]): Promise<void> {
    if (failures.length === 0) return;
    await this.#write(() => appendFile(this.#path, linesOf(failures)));
  }

  /** Each record once, with what was said of it last; no file when there is none. */
  async finish(): Promise<readonly RecordFailure[]> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const failures = new Map(
      text
        .split('\n')
        .flatMap((line) => failureOf(line))
        .map((one) => [one.id, one]),
    );
    if (failures.size > 0) await this.#write(() => writeFile(this.#path, linesOf([...failures.values()])));
    return [...failures.values()];
  }

  async #write(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      throw new MapwrightError('CLI_FILE_UNWRITABLE', `${this.#path} cannot be written: ${messageOf(cause)}`, {
        hint: 'name another file with --failures; the same command goes on where it was',
        cause,
      });
    }
  }
}

function linesOf(failures: readonly RecordFailure[]): string {
  return failures.map((failure) => `${JSON.stringify(failure)}\n`).join('');
}

/** The last line may be cut off. */
function failureOf(line: string): RecordFailure[] {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return [];
    return [{ id: String(value['id']), code: String(value['code']), message: String(value['message']) }];
  } catch {
    return [];
  }
}
