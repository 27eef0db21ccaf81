import { GROUPS, IDENTITY_MODULES, USERS } from '../core/identity-module.ts';
import { MapwrightError } from '../core/error.ts';
import type { FieldDefinition, ModuleDefinition } from '../core/module.ts';
import type { QueryCondition, QueryJoin } from '../core/query.ts';
import { recordPrefix } from '../core/record.ts';
import { storedAlike } from './field-kind.ts';
import type { QueryCursor } from './query-cursor.ts';
import { findQueryField } from './query-field.ts';
import type { QueryField } from './query-field.ts';
import { unexpectedToken } from './query-token.ts';
import { accessDenied, fieldDenied, idInvalid } from './record-error.ts';
import { relatedWith } from './related-records.ts';

/** A field that a query selects from behind a reference, and how its answer names it. */
export interface JoinedColumn extends QueryField {
  /** As the original: `Vendors.vendorname` is `vendorsvendorname`. By the field it stays `vendor_id.vendorname`. */
  readonly key: string;
}

/** Where one step of a path stands: the queried module, or what a join leads to. */
interface Place {
  readonly modules: readonly ModuleDefinition[];
  /** What stands before its fields; empty for the queried module. */
  readonly before: string;
}

const MOST_JOINS = 8;
/** What everybody may know of other users, as the lists of possible owners tell it. */
const PUBLIC_USER_FIELDS: ReadonlySet<string> = new Set(['id', 'user_name', 'first_name', 'last_name']);

/**
 * The names a query may use: fields of its module, fields behind references (`vendor_id.vendorname`, by the reference;
 * `Vendors.vendorname`, by the module, through the first field that refers to it), and `related.Module`.
 */
export class QueryScope {
  readonly module: ModuleDefinition;
  readonly #modules: ReadonlyMap<string, ModuleDefinition>;
  readonly #joins = new Map<string, QueryJoin>();
  readonly #keys = new Map<string, string>();
  #asksAboutUsers = false;

  constructor(module: ModuleDefinition, modules: ReadonlyMap<string, ModuleDefinition>) {
    this.module = module;
    this.#modules = modules;
  }

  /** The joins that the fields read so far need, each after those it goes through. */
  get joins(): readonly QueryJoin[] {
    return [...this.#joins.values()];
  }

  /** True when a field was read that only administrators may ask about others. */
  get asksAboutUsers(): boolean {
    return this.#asksAboutUsers;
  }

  /** How the answer names a field that was read: its own name, but for fields named by a module. */
  keyOf(name: string): string {
    return this.#keys.get(name) ?? name;
  }

  /**
   * Reads the name of a field. Throws QuerySyntaxError, ACCESS_DENIED for an unknown field or module, INVALID_MODULE
   * for a module that the queried one does not refer to.
   */
  readField(cursor: QueryCursor): QueryField {
    return this.resolve(cursor.expectPath('a field name'));
  }

  /** The field at the end of a path; see `readField`. */
  resolve(path: readonly string[]): QueryField {
    let place: Place = { modules: [this.module], before: '' };
    const written = path.join('.');
    for (const [index, step] of path.slice(0, -1).entries()) {
      if (index === 0 && this.#isOwn(step)) continue;
      const next = path.length - 2 === index ? path[index + 1] : undefined;
      const reference = findIn(place, step)?.definition;
      const through = reference ?? this.#referenceTo(place, step);
      // The id behind a reference is the reference.
      if (next === 'id' && isReference(through)) return fieldAt(place, through.name, written);
      place = reference === undefined ? this.#joinModule(place, step) : this.#joinField(place, reference, written);
      if (next !== undefined && reference === undefined) {
        this.#keys.set(`${place.before}${next}`, keyByModule(step, next));
      }
    }
    const name = path.at(-1) ?? '';
    const field = fieldAt(place, name, written);
    if (place.modules.includes(USERS) && place.before !== '' && !PUBLIC_USER_FIELDS.has(name))
      this.#asksAboutUsers = true;
    return field;
  }

  /**
   * Reads what follows `related.`: `Module = 'id'`, all records that are linked with that one or refer to it.
   * Undefined and nothing read when `related` is a field of the module.
   */
  readRelated(cursor: QueryCursor): QueryCondition | undefined {
    const isField = findIn({ modules: [this.module], before: '' }, 'related') !== undefined;
    if (isField || !cursor.accept('related', '.')) return undefined;
    const name = cursor.expectName('a module name').value;
    const module = this.#moduleNamed(name);
    if (module === undefined) throw accessDenied(name);
    cursor.expect('=');
    const token = cursor.next();
    if (token.kind !== 'string' && token.kind !== 'number')
      throw unexpectedToken(token, `the id of a record of ${name}`);
    if (recordPrefix(token.value) !== module.prefix) throw idInvalid();
    return relatedWith(this.module, { id: token.value, module: module.name });
  }

  #isOwn(step: string): boolean {
    return (
      step.toLowerCase() === this.module.name.toLowerCase() &&
      findIn({ modules: [this.module], before: '' }, step) === undefined
    );
  }

  #moduleNamed(name: string): ModuleDefinition | undefined {
    const exact = IDENTITY_MODULES.get(name) ?? this.#modules.get(name);
    if (exact !== undefined) return exact;
    const lower = name.toLowerCase();
    return [...IDENTITY_MODULES.values(), ...this.#modules.values()].find((each) => each.name.toLowerCase() === lower);
  }

  #joinField(place: Place, field: FieldDefinition, written: string): Place {
    if (!isReference(field)) throw fieldDenied(written);
    return this.#join(place, { step: field.name, through: field, modules: targetsOf(field, this.#modules) });
  }

  #joinModule(place: Place, name: string): Place {
    const module = this.#moduleNamed(name);
    if (module === undefined) throw accessDenied(name);
    const through = this.#referenceTo(place, name);
    if (through === undefined) throw notReferred(place, module);
    return this.#join(place, { step: module.name, through, modules: [module] });
  }

  /** The first field that refers to records of a module. */
  #referenceTo({ modules }: Place, name: string): FieldDefinition | undefined {
    const module = this.#moduleNamed(name);
    if (module === undefined) return undefined;
    const fields = modules.flatMap((each) => each.fields);
    return fields.find((field) => targetsOf(field, this.#modules).includes(module));
  }

  #join(
    { before }: Place,
    next: { readonly step: string; readonly through: FieldDefinition; readonly modules: readonly ModuleDefinition[] },
  ): Place {
    const name = `${before}${next.step}`;
    if (!this.#joins.has(name) && this.#joins.size === MOST_JOINS) throw tooManyJoins();
    this.#joins.set(name, { name, through: `${before}${next.through.name}`, modules: next.modules });
    return { modules: next.modules, before: `${name}.` };
  }
}

function findIn(
  { modules }: Place,
  name: string,
): { readonly definition: FieldDefinition | undefined; readonly type: QueryField['type'] } | undefined {
  const found = modules.flatMap((module) => {
    const type = findQueryField(module, name)?.type;
    return type === undefined ? [] : [{ definition: module.fields.find((field) => field.name === name), type }];
  });
  return found[0];
}

/** The field of that name; where several modules have it, they must keep it alike to be compared as one. */
function fieldAt(place: Place, name: string, written: string): QueryField {
  const types = place.modules.flatMap((module) => findQueryField(module, name)?.type ?? []);
  const [type] = types;
  if (type === undefined) throw fieldDenied(written);
  if (!types.every((other) => storedAlike(type, other))) throw ambiguous(written);
  return { name: `${place.before}${name}`, type };
}

function keyByModule(module: string, field: string): string {
  return `${module.toLowerCase()}${field}`;
}

function isReference(field: FieldDefinition | undefined): field is FieldDefinition {
  return field?.type === 'reference' || field?.type === 'owner';
}

/** The modules a field may lead to. */
function targetsOf(
  field: FieldDefinition,
  modules: ReadonlyMap<string, ModuleDefinition>,
): readonly ModuleDefinition[] {
  if (field.type === 'owner') return [USERS, GROUPS];
  if (field.type !== 'reference') return [];
  return (field.references ?? []).flatMap((name) => IDENTITY_MODULES.get(name) ?? modules.get(name) ?? []);
}

function notReferred({ modules }: Place, to: ModuleDefinition): MapwrightError {
  const from = modules.map(({ name }) => name).join(', ');
  return new MapwrightError('INVALID_MODULE', `${from} has no field that refers to ${to.name}`, {
    hint: 'name the reference field (vendor_id.vendorname), or a module that one leads to',
  });
}

function ambiguous(written: string): MapwrightError {
  return new MapwrightError('INVALID_PARAMETER', `${written} is of another type in each module it may lead to`, {
    hint: 'name the module: Accounts.rating',
  });
}

function tooManyJoins(): MapwrightError {
  return new MapwrightError('INVALID_PARAMETER', `A query goes through at most ${MOST_JOINS} references`);
}
