import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';

const MOST_KEPT = 2_000;
/** A record with more text than this is read anew each time: thousands of them would fill the memory. */
const MOST_CHARACTERS = 16 * 1024;

/**
 * Committed records as they were last read. A run reads its record before each of its tasks, and the process that owns
 * the install makes every change itself, so what it has read stays true until it writes.
 */
export class RecordImages {
  readonly #images = new Map<RecordId, { readonly module: ModuleDefinition; readonly image: RecordImage }>();

  /** The record as the module's definition shows it; another definition of the module has other fields. */
  get(module: ModuleDefinition, id: RecordId): RecordImage | undefined {
    const kept = this.#images.get(id);
    return kept?.module === module ? kept.image : undefined;
  }

  /** To be called with what was read outside of any transaction of this process. */
  keep(module: ModuleDefinition, image: RecordImage): void {
    if (charactersOf(image) > MOST_CHARACTERS) return;
    if (this.#images.size >= MOST_KEPT) this.#forgetOldest();
    this.#images.set(image.id, { module, image });
  }

  /** To be called inside the transaction that changes the record: if that is undone, the record is read again. */
  forget(id: RecordId): void {
    this.#images.delete(id);
  }

  #forgetOldest(): void {
    const [oldest] = this.#images.keys();
    if (oldest !== undefined) this.#images.delete(oldest);
  }
}

function charactersOf({ values }: RecordImage): number {
  return Object.values(values).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
}
