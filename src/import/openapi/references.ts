import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

const LONGEST_CHAIN = 50;

/** What `$ref` leads to, in the description itself and in the files beside it that were read. */
export class References {
  readonly #root: JsonObject;
  readonly #files: ReadonlyMap<string, Json>;
  /** References that lead nowhere: other addresses, files that are not there, names that are not in them. */
  readonly missing = new Set<string>();

  /** The files by the path that references name them by; references inside of them name files as well. */
  constructor(root: JsonObject, files: ReadonlyMap<string, Json>) {
    this.#root = root;
    this.#files = files;
  }

  /** The object itself, or what its `$ref` leads to with what stands beside the `$ref` over it. Undefined for nothing. */
  object(value: Json | undefined): JsonObject | undefined {
    return this.follow(value)?.value;
  }

  /** The object, and by which reference it was found: what tells that a schema contains itself. */
  follow(value: Json | undefined): { readonly value: JsonObject; readonly reference: string | undefined } | undefined {
    let current = value;
    let reference: string | undefined;
    let beside: JsonObject = {};
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      if (!isJsonObject(current)) return undefined;
      const { $ref: target, ...rest } = current;
      if (typeof target !== 'string') return { value: { ...current, ...beside }, reference };
      beside = { ...rest, ...beside };
      reference = target;
      current = this.#find(target);
      if (current === undefined) this.missing.add(target);
    }
    return undefined;
  }

  #find(target: string): Json | undefined {
    const hash = target.indexOf('#');
    const file = hash === -1 ? target : target.slice(0, hash);
    const pointer = hash === -1 ? '' : target.slice(hash + 1);
    return valueAt(file === '' ? this.#root : this.#files.get(file), pointer);
  }
}

/** RFC 6901, as it stands in a URI fragment. */
function valueAt(root: Json | undefined, pointer: string): Json | undefined {
  let value = root;
  for (const written of pointer === '' ? [] : pointer.replace(/^\//u, '').split('/')) {
    const name = decode(written).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The files that a text's references name, as they are written: not itself, no addresses. */
export function filesNamed(value: Json): Set<string> {
  const found = new Set<string>();
  const left: Json[] = [value];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    if (isJsonObject(one) && typeof one['$ref'] === 'string') {
      const file = one['$ref'].split('#')[0] ?? '';
      if (file !== '' && !isAddress(file)) found.add(file);
    }
    left.push(...Object.values<Json>(one));
  }
  return found;
}

/** The value with its references said from the main description's folder. `rename` gives a file's path from there. */
export function withReferencesFrom(value: Json, own: string, rename: (file: string) => string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => withReferencesFrom(one, own, rename));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string'
        ? moved(member, own, rename)
        : withReferencesFrom(member, own, rename),
    ]),
  );
}

function moved(target: string, own: string, rename: (file: string) => string): string {
  if (isAddress(target)) return target;
  const [file = '', pointer] = target.split('#');
  return `${file === '' ? own : rename(file)}${pointer === undefined ? '' : `#${pointer}`}`;
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:|^\/\//iu.test(text);
}
