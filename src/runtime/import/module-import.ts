import { DOCUMENT_MODULES } from '../../core/document-module.ts';
import { MapwrightError } from '../../core/error.ts';
import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { GROUPS_PREFIX, USERS_PREFIX } from '../../core/module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { type DescribedModule, type ImportNote, readDescription } from './module-description.ts';
import type { RemoteClient } from './remote-client.ts';

/** Which modules to take. */
export interface ModuleSelection {
  /** Names; `all` takes every module of records. */
  readonly modules: readonly string[] | 'all';
  /** The modules in force here. */
  readonly inForce: readonly ModuleDefinition[];
}

/** Where coreBOS keeps the lines of quotes, orders and invoices: a module of its own. */
const LINES = 'InventoryDetails';
const MODULE_NAME = /^[A-Za-z][A-Za-z0-9._-]*$/u;
const GREATEST_PREFIX = 9_999;

/**
 * The modules as another install describes them. Lines of the inventory modules come along. Rejects with
 * IMPORT_MODULE_UNKNOWN and what the client rejects with.
 */
export async function importModules(
  client: RemoteClient,
  { modules, inForce }: ModuleSelection,
): Promise<{ readonly modules: readonly DescribedModule[]; readonly notes: readonly ImportNote[] }> {
  const listed = await listModules(client);
  const notes: ImportNote[] = [];
  const chosen = modules === 'all' ? listed.records : requireListed(modules, listed.all);
  const descriptions: JsonObject[] = [];
  for (const name of chosen) descriptions.push(...(await describeOne(client, name, notes)));
  const lines = await linesOf(client, { chosen, listed: listed.all, notes });
  if (lines !== undefined) descriptions.push(lines);
  const names = new Set([
    ...descriptions.map(({ name }) => String(name)),
    ...inForce.map(({ name }) => name),
    ...IDENTITY_MODULES.keys(),
  ]);
  const prefixes = new PrefixKeeper(inForce);
  const taken = descriptions.flatMap((described): DescribedModule[] => {
    const name = String(described['name']);
    const prefix = prefixes.take(name, String(described['idPrefix'] ?? ''));
    const read = readDescription(described, { modules: names, prefix: prefix.prefix });
    if (read.module.fields.length === 0) {
      notes.push({ of: name, says: 'not taken: it has no field that could be kept' });
      return [];
    }
    return [{ ...read, notes: [...prefix.notes.map((says) => ({ of: name, says })), ...read.notes] }];
  });
  return { modules: taken, notes };
}

async function listModules(client: RemoteClient) {
  const answer = await client.call('listtypes', { fieldTypeList: '' });
  const { types, information } = isJsonObject(answer) ? answer : {};
  const all = Array.isArray(types) ? types.map(String) : [];
  const isRecords = (name: string): boolean => {
    const told = isJsonObject(information) ? information[name] : undefined;
    return (
      isJsonObject(told) && told['isEntity'] !== false && !DOCUMENT_MODULES.has(name) && !IDENTITY_MODULES.has(name)
    );
  };
  return { all, records: all.filter(isRecords) };
}

function requireListed(names: readonly string[], all: readonly string[]): readonly string[] {
  for (const name of names) {
    if (IDENTITY_MODULES.has(name) || DOCUMENT_MODULES.has(name)) {
      throw unknown(name, 'users and groups come with import-users, maps with import-maps');
    }
    if (!all.includes(name)) throw unknown(name, didYouMean(name, all) ?? `there are: ${all.slice(0, 60).join(', ')}`);
  }
  return [...new Set(names)];
}

function unknown(name: string, hint: string): MapwrightError {
  return new MapwrightError('IMPORT_MODULE_UNKNOWN', `the other install shows this user no module ${name}`, { hint });
}

/** With all modules asked for, one that is refused must not stop the others. */
async function describeOne(client: RemoteClient, name: string, notes: ImportNote[]): Promise<JsonObject[]> {
  try {
    const described = await client.call('describe', { elementType: name });
    if (isJsonObject(described) && MODULE_NAME.test(String(described['name']))) return [described];
    notes.push({ of: name, says: 'not taken: it is not described' });
  } catch (thrown) {
    if (!(thrown instanceof MapwrightError) || thrown.code !== 'IMPORT_REFUSED') throw thrown;
    notes.push({ of: name, says: `not taken: ${thrown.message}` });
  }
  return [];
}

/** The module of lines, when it is not chosen and refers to one that is. */
async function linesOf(
  client: RemoteClient,
  params: { readonly chosen: readonly string[]; readonly listed: readonly string[]; readonly notes: ImportNote[] },
): Promise<JsonObject | undefined> {
  const { chosen, listed, notes } = params;
  if (chosen.includes(LINES) || !listed.includes(LINES)) return undefined;
  const [described] = await describeOne(client, LINES, notes);
  const fields = Array.isArray(described?.['fields']) ? described['fields'] : [];
  const targets = fields.flatMap((field) => {
    const type = isJsonObject(field) ? field['type'] : undefined;
    return isJsonObject(type) && Array.isArray(type['refersTo']) && isParent(field) ? type['refersTo'].map(String) : [];
  });
  const parents = targets.filter((target) => chosen.includes(target));
  if (parents.length === 0) return undefined;
  notes.push({ of: LINES, says: `taken too: it holds the lines of ${[...new Set(parents)].join(', ')}` });
  return described;
}

/** A line refers to products too, which have no lines for that. */
function isParent(field: unknown): boolean {
  return isJsonObject(field) && field['name'] === 'related_to';
}

/** Keeps the prefixes that ids begin with, so that they stay the same; where that cannot be, takes a free one. */
class PrefixKeeper {
  readonly #owners: Map<string, string>;
  readonly #own: ReadonlyMap<string, string>;

  constructor(inForce: readonly ModuleDefinition[]) {
    this.#owners = new Map([
      [USERS_PREFIX, 'users'],
      [GROUPS_PREFIX, 'groups'],
      ...inForce.map(({ prefix, name }) => [prefix, name] as const),
    ]);
    this.#own = new Map(inForce.map(({ name, prefix }) => [name, prefix]));
  }

  take(name: string, described: string): { readonly prefix: string; readonly notes: readonly string[] } {
    const own = this.#own.get(name);
    if (own !== undefined) {
      const notes = own === described ? [] : [`keeps the prefix ${own} it has here; there it is ${described}`];
      return { prefix: own, notes };
    }
    const owner = this.#owners.get(described);
    const isUsable = /^[1-9][0-9]{0,3}$/u.test(described);
    if (isUsable && owner === undefined) {
      this.#owners.set(described, name);
      return { prefix: described, notes: [] };
    }
    const prefix = this.#free();
    this.#owners.set(prefix, name);
    const why =
      owner === undefined ? `"${described}" is no prefix here` : `${described} makes the ids of ${owner} here`;
    return { prefix, notes: [`gets the prefix ${prefix}, and its records other ids: ${why}`] };
  }

  #free(): string {
    for (let prefix = 100; prefix <= GREATEST_PREFIX; prefix++)
      if (!this.#owners.has(String(prefix))) return String(prefix);
    throw new MapwrightError('IMPORT_PREFIX_TAKEN', 'every prefix of ids is taken', { hint: 'take fewer modules' });
  }
}
