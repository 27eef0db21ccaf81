import type { ModuleDefinition } from '../../core/module.ts';
import type { LegacyOperation } from '../../expression/legacy/condition.ts';
import { type SqlToken, tokenizeSql } from './sql-token.ts';

interface SqlName {
  readonly name: string;
  readonly offset: number;
}

export interface SqlCondition {
  readonly field: SqlName;
  readonly operation: LegacyOperation;
  /** `?` is the record, `$[name]` a value. */
  readonly value: string;
}

/** A select on one module. */
export interface SqlSelect {
  readonly module: SqlName;
  readonly fields: readonly SqlName[];
  /** All must hold. */
  readonly conditions: readonly SqlCondition[];
}

/** The text stops being a simple select here. */
export class UnreadableSql extends Error {
  readonly offset: number;
  readonly length: number;

  constructor(message: string, { offset, length }: Pick<SqlToken, 'offset' | 'length'>) {
    super(message);
    this.offset = offset;
    this.length = length;
  }
}

/** The tables of coreBOS whose name is not the plural of their module's. */
const TABLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    vtiger_account: 'Accounts',
    vtiger_contactdetails: 'Contacts',
    vtiger_leaddetails: 'Leads',
    vtiger_potential: 'Potentials',
    vtiger_troubletickets: 'HelpDesk',
    vtiger_service: 'Services',
    vtiger_vendor: 'Vendors',
    vtiger_crmentity: '',
  }),
);

const COMPARISONS: ReadonlyMap<string, LegacyOperation> = new Map(
  Object.entries<LegacyOperation>({
    '=': 'is',
    '!=': 'is not',
    '<>': 'is not',
    '<': 'less than',
    '>': 'greater than',
    '<=': 'less than or equal to',
    '>=': 'greater than or equal to',
  }),
);

/** Reads `SELECT ... FROM ... [INNER JOIN vtiger_crmentity ...] WHERE ... AND ...`; throws UnreadableSql at anything else. */
export class SqlReader {
  readonly #tokens: readonly SqlToken[];
  readonly #end: SqlToken;
  readonly #modules: ReadonlyMap<string, ModuleDefinition>;
  #at = 0;

  constructor(text: string, modules: ReadonlyMap<string, ModuleDefinition>) {
    this.#tokens = tokenizeSql(text);
    this.#end = { kind: 'sign', text: '', offset: text.length, length: 0 };
    this.#modules = modules;
  }

  select(): SqlSelect {
    this.#expect('select');
    const columns = this.#columns();
    this.#expect('from');
    const table = this.#next();
    const module = this.#moduleOf(table);
    this.#alias();
    this.#entityJoin();
    const conditions = this.#takes('where') ? this.#conditions(module) : [];
    this.#takes(';');
    if (this.#peek() !== this.#end) throw this.#unexpected('nothing may follow the conditions');
    const fields = columns.flatMap((column) => this.#field(column, module) ?? []);
    return { module: { name: module, offset: table.offset }, fields, conditions };
  }

  #columns(): SqlToken[] {
    if (this.#takes('*')) return [];
    const columns = [this.#name('a column')];
    while (this.#takes(',')) columns.push(this.#name('a column'));
    return columns;
  }

  #moduleOf(table: SqlToken): string {
    const plain = table.text.replace(/^vtiger_/u, '').toLowerCase();
    const known = [...this.#modules.keys()].find((name) => name.toLowerCase() === plain);
    const module = known ?? TABLES.get(table.text.toLowerCase());
    if (table.kind === 'name' && module !== undefined && module !== '') return module;
    throw new UnreadableSql(`"${table.text}" is no table of a module`, table);
  }

  #alias(): void {
    if (this.#takes('as')) this.#next();
    else if (this.#peek().kind === 'name' && !/^(?:where|inner|join|left)$/iu.test(this.#peek().text)) this.#next();
  }

  /** What every table is joined with says only which records are deleted, and deleted ones are not found anyway. */
  #entityJoin(): void {
    if (this.#takes('inner') && this.#peek().text.toLowerCase() !== 'join') throw this.#unexpected('JOIN is missing');
    if (!this.#takes('join')) return;
    const table = this.#next();
    if (table.text.toLowerCase() !== 'vtiger_crmentity') throw new UnreadableSql('it joins other tables', table);
    if (!/^on$/iu.test(this.#peek().text)) this.#alias();
    this.#expect('on');
    this.#name('a column');
    this.#expect('=');
    this.#name('a column');
  }

  #conditions(module: string): SqlCondition[] {
    const conditions: SqlCondition[] = [];
    do {
      const column = this.#name('a field');
      const operation = this.#operation();
      const value = operation === 'is empty' || operation === 'is not empty' ? '' : this.#value();
      if (/(?:^|\.)deleted$/iu.test(column.text)) continue;
      const field = this.#field(column, module);
      if (field !== undefined) conditions.push({ field, operation, value });
    } while (this.#takes('and'));
    return conditions;
  }

  #operation(): LegacyOperation {
    const token = this.#next();
    const comparison = COMPARISONS.get(token.text);
    if (comparison !== undefined) return comparison;
    if (/^is$/iu.test(token.text)) {
      const isNot = this.#takes('not');
      this.#expect('null');
      return isNot ? 'is not empty' : 'is empty';
    }
    throw new UnreadableSql(`"${token.text}" is no comparison that is read`, token);
  }

  #value(): string {
    const token = this.#next();
    if (token.kind === 'text' || token.kind === 'number' || token.kind === 'value') return token.text;
    throw new UnreadableSql('a value has to stand here: a text, a number, ? or $[name]', token);
  }

  /** A column as a field of the module; the number of the record is its `id`. */
  #field(column: SqlToken, module: string): SqlName | undefined {
    const name = column.text.slice(column.text.indexOf('.') + 1);
    if (name === '*') return undefined;
    const isField = this.#modules.get(module)?.fields.some((field) => field.name === name) === true;
    // `accountid` in Accounts.
    const ownId = `${module.toLowerCase().replace(/s$/u, '')}id`;
    const isId = !isField && ['id', 'crmid', ownId].includes(name.toLowerCase());
    return { name: isId ? 'id' : name, offset: column.offset };
  }

  #name(what: string): SqlToken {
    const token = this.#next();
    if (token.kind === 'name') return token;
    throw new UnreadableSql(`${what} has to stand here`, token);
  }

  #peek(): SqlToken {
    return this.#tokens[this.#at] ?? this.#end;
  }

  #next(): SqlToken {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #takes(word: string): boolean {
    const token = this.#peek();
    if (token.kind === 'text' || token.text.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw this.#unexpected(`${word.toUpperCase()} has to stand here`);
  }

  #unexpected(message: string): UnreadableSql {
    return new UnreadableSql(message, this.#peek());
  }
}
