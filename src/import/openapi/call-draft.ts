import type { Json } from '../../core/json.ts';
import type { DescribedParameter } from '../description/described-api.ts';
import { keyOf } from '../description/naming.ts';
import type { Operation } from './operations.ts';
import type { References } from './references.ts';

/** What a call gathers while its parts are read: parameters, the context keys they take, what cannot be taken over. */
export class CallDraft {
  readonly references: References;
  readonly operation: Operation;
  readonly parameters: DescribedParameter[] = [];
  /** Sample values by context key. */
  readonly context = new Map<string, Json>();
  readonly notes: string[] = [];
  readonly #keys = new Set<string>();

  constructor(references: References, operation: Operation) {
    this.references = references;
    this.operation = operation;
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** A free context key for a value of that name; `place` makes it another one where the name is taken. */
  key(name: string, place: string): string {
    const plain = keyOf(name);
    const found = this.#keys.has(plain) ? `${place}_${plain}` : plain;
    this.#keys.add(found);
    return found;
  }
}
