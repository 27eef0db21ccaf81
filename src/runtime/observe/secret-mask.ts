import type { CallRecorder, Redactor } from '../../core/redactor.ts';
import type { SecretStore } from '../../core/secret-store.ts';

/** Of one secret so many values are hidden, the latest: calls under way may still have one that was replaced. */
const VALUES_KEPT = 4;

/** Hides the secrets of an install in what its process says: every one that it has read or set, in all the forms they travel in. */
export class SecretMask {
  readonly #recorder: Pick<CallRecorder, 'createRedactor'>;
  readonly #values = new Map<string, readonly string[]>();
  #redactor: Redactor;

  constructor(recorder: Pick<CallRecorder, 'createRedactor'>) {
    this.#recorder = recorder;
    this.#redactor = recorder.createRedactor();
  }

  readonly mask = (text: string): string => (this.#values.size === 0 ? text : this.#redactor.redact(text));

  /** The store, whose secrets are noted as they pass. */
  follow(secrets: SecretStore): SecretStore {
    return {
      ...secrets,
      get: async (name) => this.#note(name, await secrets.get(name)),
      set: (params) => {
        this.#note(params.name, params.value);
        return secrets.set(params);
      },
    };
  }

  #note<T extends string | undefined>(name: string, value: T): T {
    const known = this.#values.get(name) ?? [];
    if (value === undefined || known.includes(value)) return value;
    this.#values.set(name, [...known, value].slice(-VALUES_KEPT));
    if (known.length < VALUES_KEPT) this.#redactor.add(value);
    else this.#forgetReplaced();
    return value;
  }

  /** A process of months, whose secrets are replaced every hour, does not look for all there ever were. */
  #forgetReplaced(): void {
    this.#redactor = this.#recorder.createRedactor();
    for (const values of this.#values.values()) for (const value of values) this.#redactor.add(value);
  }
}
