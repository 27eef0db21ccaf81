import type { JsonObject } from '../../core/json.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import { toWireRecord } from '../../crm/wire.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { countOf, wordsOf } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';

const DEFAULT_LIMIT = 30;
const GREATEST_LIMIT = 1_000;

/**
 * `getFieldAutocomplete(term, filter, searchinmodule, fields, returnfields, limit)`: records in which one of the fields
 * fits the term: `{crmid, crmfields}`. The filter is `eq` (also when it is left out), `neq`, `startswith`, `endswith` or
 * `contains`.
 */
export async function getFieldAutocomplete(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const module = parts.modules().get(call.parameters.text('searchinmodule') ?? '');
  const fields = wordsOf(call.parameters.text('fields'));
  if (module === undefined || fields.length === 0) return { result: [] };
  const given = wordsOf(call.parameters.text('returnfields'));
  const shown = given.length === 0 ? fields : given;
  const limit = countOf(call, 'limit', DEFAULT_LIMIT, GREATEST_LIMIT);
  const where = fields.map((field) => comparison(call, field)).join(' or ');
  const answer = await parts.crm.query(
    `select ${shown.join(', ')} from ${module.name} where ${where} limit ${limit}`,
    call.user,
  );
  const result = answer.records.map((image) => {
    const { id, ...crmfields } = toWireRecord(module, image, shown);
    return { crmid: id ?? image.id, crmfields };
  });
  return { result };
}

/**
 * `getReferenceAutocomplete(term, filter, searchinmodules, limit)`: records whose name fits the term, of these modules
 * or of all: `{crmid, crmname, crmmodule}`.
 */
export async function getReferenceAutocomplete(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const limit = countOf(call, 'limit', DEFAULT_LIMIT, GREATEST_LIMIT);
  const modules = modulesOf(parts, call);
  const result: JsonObject[] = [];
  for (const module of modules) {
    const left = limit - result.length;
    if (left <= 0) break;
    const { title } = module;
    const text = `select ${title} from ${module.name} where ${comparison(call, title)} limit ${left}`;
    const { records } = await parts.crm.query(text, call.user);
    const suffix = modules.length > 1 ? ` :: ${module.label}` : '';
    result.push(
      ...records.map((image) => ({
        crmid: image.id,
        crmname: `${toWireRecord(module, image, [title])[title] ?? ''}${suffix}`,
        crmmodule: module.name,
      })),
    );
  }
  return { result };
}

function modulesOf(parts: OperationParts, call: SessionCall): readonly ModuleDefinition[] {
  const given = wordsOf(call.parameters.text('searchinmodules') ?? call.parameters.text('searchinmodule'));
  const names = [...new Set(given)];
  const modules = parts.modules();
  return names.length === 0 ? [...modules.values()] : names.flatMap((name) => modules.get(name) ?? []);
}

/** In the query language; an empty term fits every record. */
function comparison(call: SessionCall, field: string): string {
  const term = call.parameters.text('term') ?? '';
  if (term === '') return `(${field} is null or ${field} is not null)`;
  const pattern = term.replaceAll(/[%_]/gu, String.raw`\$&`);
  switch (call.parameters.text('filter')) {
    case 'neq':
      return `${field} != ${quoted(term)}`;
    case 'startswith':
      return `${field} like ${quoted(`${pattern}%`)}`;
    case 'endswith':
      return `${field} like ${quoted(`%${pattern}`)}`;
    case 'contains':
      return `${field} like ${quoted(`%${pattern}%`)}`;
    default:
      return `${field} = ${quoted(term)}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
