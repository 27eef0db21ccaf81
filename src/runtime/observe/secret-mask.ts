import type { CallRecorder, Redactor } from '../../core/redactor.ts';
import type { SecretStore } from '../../core/secret-store.ts';

/** Hides the secrets of an install in what its process says: every one that it has read or set, in all the forms they travel in. */
export class SecretMask {
  readonly #redactor: Redactor;
  readonly #known = new Set<string>();

  constructor(recorder: Pick<CallRecorder, 'createRedactor'>) {
    this.#redactor = recorder.createRedactor();
  }

  readonly mask = (text: string): string => (this.#known.size === 0 ? text : this.#redactor.redact(text));

  /** The store, whose secrets are noted as they pass. */
  follow(secrets: SecretStore): SecretStore {
    return {
      ...secrets,
      get: async (name) => this.#note(await secrets.get(name)),
      set: (params) => {
        this.#note(params.value);
        return secrets.set(params);
      },
    };
  }

  #note<T extends string | undefined>(value: T): T {
    if (value === undefined || this.#known.has(value)) return value;
    this.#known.add(value);
    this.#redactor.add(value);
    return value;
  }
}
