import type { KeySource } from '../../core/key-store.ts';
import { type SealingKey, keyIdOf, seal, sealingKey, unreadable, unseal } from '../sealing.ts';

/**
 * The keys of an install: what is stored is sealed under one of them, and opened under whichever it was sealed under.
 * Which one is the current is said by the database, so that all processes change over together.
 */
export class KeyRing {
  readonly source: KeySource;
  /** Those given and all that were: values may still come that were sealed under them. */
  #keys: ReadonlyMap<string, SealingKey>;
  #given: ReadonlyMap<string, SealingKey>;
  #current: SealingKey;

  /** @param keys each of 32 bytes, at least one; throws KEY_INVALID */
  constructor(keys: readonly Uint8Array[], source: KeySource = { kind: 'given' }) {
    this.source = source;
    this.#given = byId(keys);
    this.#keys = this.#given;
    this.#current = firstOf(this.#given);
  }

  /** The id of the key that seals. */
  get currentId(): string {
    return this.#current.id;
  }

  /** The ids of the keys given, in their order. */
  get ids(): readonly string[] {
    return [...this.#given.keys()];
  }

  /** True for a key under which values can be opened. */
  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Seals under this key from now on; where it was never given, under the first. */
  follow(id: string): void {
    this.#current = this.#keys.get(id) ?? firstOf(this.#given);
  }

  /** Takes these as the keys given from now on; what was sealed under others can still be opened. */
  give(keys: readonly Uint8Array[]): void {
    this.#given = byId(keys);
    this.#keys = new Map([...this.#keys, ...this.#given]);
  }

  /** Encrypts text for this purpose. */
  seal(purpose: string, plain: string): string {
    return seal(this.#current, purpose, plain);
  }

  /** The text that was sealed for this purpose; throws SECRET_UNREADABLE, which names the key that is missing. */
  open(purpose: string, sealed: string): string {
    const id = keyIdOf(sealed);
    const key = this.#keys.get(id ?? '');
    if (key !== undefined) return unseal(key, purpose, sealed);
    if (id === undefined) throw unreadable('It is not in the form in which values are sealed.');
    throw unreadable(`It was sealed under key ${id}, and the keys given are: ${this.ids.join(', ')}.`);
  }

  /** False for what was sealed under another key than the current one. */
  isCurrent(sealed: string): boolean {
    return keyIdOf(sealed) === this.#current.id;
  }
}

/** A ring of one key, or the ring itself. */
export function keyRing(keys: Uint8Array | KeyRing): KeyRing {
  return keys instanceof KeyRing ? keys : new KeyRing([keys]);
}

function byId(keys: readonly Uint8Array[]): ReadonlyMap<string, SealingKey> {
  return new Map(keys.map(sealingKey).map((key) => [key.id, key]));
}

function firstOf(keys: ReadonlyMap<string, SealingKey>): SealingKey {
  const [first] = keys.values();
  return first ?? sealingKey(new Uint8Array());
}
