import { documentName } from '../../core/document-name.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Json } from '../../core/json.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { DescribedApi } from '../description/described-api.ts';
import { keyOf, oneLine } from '../description/naming.ts';
import { RequestTaker } from '../request/request-taker.ts';
import { ServiceBook } from '../request/service-book.ts';
import { isSensitiveName } from '../request/sensitive-text.ts';
import { readCollection, variablesIn } from './read-collection.ts';
import { readRequest } from './postman-request.ts';

/** What is taken of a collection, and how. */
export interface PostmanChoice {
  readonly name?: string | undefined;
  /** Only requests in folders of these names, at any depth. */
  readonly folders?: readonly string[];
  /** The values of an environment as Postman exports it, which stand over those of the collection. */
  readonly environment?: Json | undefined;
  /** Named in errors. */
  readonly file: string;
}

/**
 * Services, credentials and calls out of a Postman collection. Variables become settings, those that look like secrets
 * secrets, path variables context values. Throws IMPORT_POSTMAN_UNKNOWN and IMPORT_FOLDER_UNKNOWN.
 */
export function importPostman(value: Json, choice: PostmanChoice): DescribedApi {
  const collection = readCollection(value, choice.file);
  const environment =
    choice.environment === undefined ? undefined : (choice.environment as Readonly<Record<string, Json>>)['values'];
  const variables = new Map([...collection.variables, ...variablesIn(environment)]);
  const name = choice.name ?? (documentName(collection.name, 'api').slice(0, 40).replace(/-+$/u, '') || 'api');
  const proposals = new Map([...variables].filter(([variable]) => !isSensitiveName(variable)));
  const book = new ServiceBook({ name, label: oneLine(collection.name, 100), proposals });
  const taker = new RequestTaker(book, (variable) => placeholderOf(variable, book));
  const wanted = choice.folders ?? [];
  checkFolders(wanted, new Set(collection.requests.flatMap(({ folders }) => folders)));
  for (const one of collection.requests) {
    if (wanted.length > 0 && !one.folders.some((folder) => wanted.includes(folder))) continue;
    const read = readRequest(one);
    if (read === undefined) {
      taker.note(one.name, 'left out: it has no address');
      continue;
    }
    taker.take({ ...read.request, url: withOrigin(read.request.url, variables) });
    for (const says of read.notes) taker.note(one.name, says);
  }
  if (collection.requests.length === 0) taker.note(name, 'it holds no requests');
  return taker.api;
}

/** `:id` is of the path; `$guid` and the like are made up by Postman anew each time. */
function placeholderOf(variable: string, book: ServiceBook): string {
  if (variable.startsWith(':')) return `context.${keyOf(variable.slice(1))}`;
  if (variable.startsWith('$')) return DYNAMIC[variable] ?? `context.${keyOf(variable)}`;
  if (isSensitiveName(variable)) return `secret.${book.secret(variable, `what was called ${variable}`)}`;
  return book.setting(variable);
}

const DYNAMIC: Readonly<Record<string, string>> = { $guid: 'step.key', $randomUUID: 'step.key' };

/** An address may begin with a variable that holds the path as well: it is put in where it is known. */
function withOrigin(url: string, variables: ReadonlyMap<string, string>): string {
  const [whole, name = ''] = /^\s*\{\{\s*([^{}]+?)\s*\}\}/u.exec(url) ?? [];
  const value = variables.get(name);
  if (whole === undefined || value === undefined || !/^https?:\/\/[^/]+\/+[^/]/iu.test(value)) return url;
  return `${value.replace(/\/+$/u, '')}${url.slice(whole.length)}`;
}

function checkFolders(wanted: readonly string[], known: ReadonlySet<string>): void {
  for (const folder of wanted) {
    if (known.has(folder)) continue;
    throw new MapwrightError('IMPORT_FOLDER_UNKNOWN', `the collection has no folder "${folder}"`, {
      hint: didYouMean(folder, known) ?? `there are: ${[...known].slice(0, 20).join(', ') || 'none'}`,
    });
  }
}
