import { isDocumentModule } from '../core/document-module.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Query, QueryComparison, QueryCondition } from '../core/query.ts';
import { recordNumber } from '../core/record.ts';
import type { RecordImage, RecordValue } from '../core/record.ts';
import type { Asking } from './people-query.ts';
import { accessDenied } from './record-error.ts';

/**
 * Answers a query of a module of documents. They are few and at hand, so nothing is asked of the database. Throws
 * ACCESS_DENIED for whoever is no administrator: documents tell how other systems are called.
 */
export function findDocuments(
  documents: readonly RecordImage[],
  asked: { readonly module: ModuleDefinition; readonly query: Query },
  asking: Asking | undefined,
): { readonly records: readonly RecordImage[]; readonly total: number } {
  const { module, query } = asked;
  if (!isDocumentModule(module) || asking?.admin === false) throw accessDenied(module.name);
  const own = documents.filter((image) => image.module === module.name);
  const found = own.filter((image) => holds(image, query.where));
  const ordered = found.toSorted((a, b) => order(query.order, a, b));
  return { records: ordered.slice(query.offset, query.offset + query.limit), total: found.length };
}

function holds(image: RecordImage, condition: QueryCondition | undefined): boolean {
  switch (condition?.kind) {
    case undefined:
      return true;
    case 'and':
      return condition.parts.every((part) => holds(image, part));
    case 'or':
      return condition.parts.some((part) => holds(image, part));
    case 'not':
      return !holds(image, condition.part);
    case 'null':
      return valueOf(image, condition.field) === null;
    case 'in':
      return condition.values.some((value) => compared('=', valueOf(image, condition.field), keyOf(condition, value)));
    case 'compare':
      return compared(condition.operator, valueOf(image, condition.field), keyOf(condition, condition.value));
    case 'like':
      return isLike(String(valueOf(image, condition.field) ?? ''), condition.pattern);
    case 'related':
      return false;
  }
}

/** Ids are compared by their numbers, as those of records are. */
function valueOf(image: RecordImage, field: string): RecordValue {
  return field === 'id' ? (recordNumber(image.id) ?? 0) : (image.values[field] ?? null);
}

function keyOf({ field }: { readonly field: string }, value: RecordValue): RecordValue {
  return field === 'id' ? (recordNumber(String(value)) ?? 0) : value;
}

function compared(operator: QueryComparison, value: RecordValue, key: RecordValue): boolean {
  if (value === null || key === null) return false;
  switch (operator) {
    case '=':
      return value === key;
    case '<>':
      return value !== key;
    case '<':
      return value < key;
    case '<=':
      return value <= key;
    case '>':
      return value > key;
    case '>=':
      return value >= key;
  }
}

function order(by: Query['order'], a: RecordImage, b: RecordImage): number {
  for (const { field, descending } of by) {
    const [left, right] = [valueOf(a, field) ?? '', valueOf(b, field) ?? ''];
    if (left !== right) return left < right === descending ? 1 : -1;
  }
  return (recordNumber(a.id) ?? 0) - (recordNumber(b.id) ?? 0);
}

/** `%` any characters, `_` one; letter case aside. Takes time in the product of the two lengths at most. */
function isLike(text: string, pattern: string): boolean {
  const wanted = [...pattern.toLowerCase()];
  const given = [...text.toLowerCase()];
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (from < given.length) {
    if (wanted[at] === '%') [star, retry, at] = [at, from, at + 1];
    else if (at < wanted.length && (wanted[at] === '_' || wanted[at] === given[from])) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [at, from, retry] = [star + 1, retry + 1, retry + 1];
    else return false;
  }
  return wanted.slice(at).every((character) => character === '%');
}
