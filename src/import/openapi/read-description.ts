import { parseDocument } from 'yaml';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isTooDeep } from '../../core/json-text.ts';
import { scalarText } from '../scalar-text.ts';

/**
 * An OpenAPI description of version 3.0 or 3.1. Throws IMPORT_OPENAPI_UNREADABLE for text that is neither JSON nor YAML,
 * IMPORT_OPENAPI_VERSION for Swagger 2.0 and versions that came later, and IMPORT_OPENAPI_UNKNOWN for anything else.
 */
export function readDescription(text: string, file: string): JsonObject {
  const value = readStructured(text, file);
  if (!isJsonObject(value)) throw unknown(file);
  // YAML reads 3.1 as a number.
  const [version, swagger] = [scalarText(value['openapi']), scalarText(value['swagger'])];
  if (swagger !== undefined) throw outdated(file, swagger);
  if (version === undefined) throw unknown(file);
  if (/^3\.[01](?:\.|$)/u.test(version)) return value;
  throw new MapwrightError('IMPORT_OPENAPI_VERSION', `${file} is of OpenAPI ${version}`, {
    hint: 'versions 3.0 and 3.1 can be read: export the description as one of these',
  });
}

/** What a text in JSON or YAML holds. Throws IMPORT_OPENAPI_UNREADABLE, with line and column where they are known. */
export function readStructured(written: string, file: string): Json {
  const text = written.replace(/^\ufeff/u, '');
  if (isTooDeep(text)) throw unreadable(file, 'it nests lists and objects too deep');
  if (/^\s*[{[]/u.test(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // YAML has a flow style that looks like JSON, and says better what is wrong.
    }
  }
  return readYaml(text, file);
}

/** Aliases that stand for more than they should are refused by the parser; keys given twice are, too. */
function readYaml(text: string, file: string): Json {
  try {
    const document = parseDocument(text, { prettyErrors: true });
    const [problem] = document.errors;
    if (problem !== undefined) {
      const at = problem.linePos?.[0];
      throw unreadable(at === undefined ? file : `${file}:${at.line}:${at.col}`, problem.message.split('\n')[0] ?? '');
    }
    return (document.toJS({ maxAliasCount: 100 }) ?? null) as Json;
  } catch (thrown) {
    if (thrown instanceof MapwrightError) throw thrown;
    throw unreadable(file, messageOf(thrown));
  }
}

function unreadable(place: string, why: string): MapwrightError {
  return new MapwrightError('IMPORT_OPENAPI_UNREADABLE', `${place} is neither JSON nor YAML: ${why}`, {
    hint: 'give the description as it was published: openapi.json or openapi.yaml, not the page that shows it',
  });
}

function unknown(file: string): MapwrightError {
  return new MapwrightError(
    'IMPORT_OPENAPI_UNKNOWN',
    `${file} is no OpenAPI description: it does not begin with openapi`,
    {
      hint: 'a description says "openapi: 3.0.3" or "openapi: 3.1.0"; for Postman there is import-postman, for SOAP import-wsdl',
    },
  );
}

function outdated(file: string, version: string): MapwrightError {
  return new MapwrightError('IMPORT_OPENAPI_VERSION', `${file} is of Swagger ${version}, which came before OpenAPI`, {
    hint: 'convert it, for example with: npx swagger2openapi old.json --outfile openapi.json; then import that',
  });
}
