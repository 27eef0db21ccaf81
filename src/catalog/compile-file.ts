import { createHash } from 'node:crypto';
import type { SourceText } from '../core/diagnostic.ts';
import { MapwrightError } from '../core/error.ts';
import { fileIn, fileJson, mediaTypeOf, safeFileName, type FileReference } from '../core/file-store.ts';
import type { Json } from '../core/json.ts';
import type { Parameter, ParameterEncoding } from '../document/map.ts';
import { noEscape } from '../expression/escape.ts';
import { memberOf } from '../expression/output-path.ts';
import { checkReferences } from './check-names.ts';
import { type CompileContext, accept, report } from './compile-context.ts';
import type { SourcePlace } from './compile-source.ts';
import type { CompiledSource, Scope } from './compiled-source.ts';

/** A file that is put into a text is in memory whole. */
const MOST_BYTES_IN_TEXT = 10 * 1024 * 1024;

/** What a part of a multipart body, or a file, is called and of which type it is. */
export interface CompiledPart {
  readonly filename: CompiledSource | undefined;
  readonly contentType: CompiledSource | undefined;
}

/** A source whose value is a reference to a stored file, null when the field or context value is empty. */
export function compileFileSource(context: CompileContext, place: SourcePlace, name: SourceText): CompiledSource {
  const reading = readingOf(name.value);
  const references = [{ ...reading, offset: 0, length: name.value.length }];
  checkReferences(context, { file: place.file, text: name, references, module: place.module, missingFieldIs: 'error' });
  const field = place.module?.fields.find((one) => one.name === name.value);
  if (field !== undefined && field.type !== 'file') {
    report(context, {
      code: 'FILE_FIELD_TYPE',
      message: `field "${name.value}" is of type ${field.type} and holds no file`,
      hint: 'name a field of type file, or file="context.KEY"; a text goes with field="..."',
      file: place.file,
      range: name.range,
    });
  }
  return {
    describe: `file ${name.value}`,
    references,
    evaluate: async (scope) => {
      const value = valueOf(reading, scope);
      if (value === undefined || value === null || value === '') return value === undefined ? undefined : null;
      const file = fileIn(value);
      if (file !== undefined) return fileJson(file);
      throw new MapwrightError('FILE_FIELD_TYPE', `${name.value} holds no file`, {
        hint: 'it must hold the reference to a stored file, as a field of type file does',
      });
    },
  };
}

/** The templates of a parameter's file name and type. */
export function compilePart(
  context: CompileContext,
  place: SourcePlace,
  { filename, contentType }: Pick<Parameter, 'filename' | 'contentType'>,
): CompiledPart {
  const one = (text: SourceText | undefined): CompiledSource | undefined => {
    const template = text && accept(context, place.file, text, context.texts.template(text.value, 'text'));
    if (template === undefined || text === undefined) return undefined;
    const { references } = template;
    checkReferences(context, { file: place.file, text, references, module: place.module, missingFieldIs: 'error' });
    return { describe: 'template', references, evaluate: (scope) => template.evaluate(scope, noEscape) };
  };
  return { filename: one(filename), contentType: one(contentType) };
}

/** Name and type as the templates say; undefined where there is none. */
export async function partOf(
  { filename, contentType }: CompiledPart,
  scope: Scope,
): Promise<{ readonly filename: string | undefined; readonly contentType: string | undefined }> {
  const name = await filename?.evaluate(scope);
  const type = await contentType?.evaluate(scope);
  return {
    filename: typeof name === 'string' && name !== '' ? safeFileName(name) : undefined,
    contentType: typeof type === 'string' && type !== '' ? mediaTypeOf(type) : undefined,
  };
}

/** The content of a file in the form asked for. Rejects with FILE_GONE, FILE_UNAVAILABLE, and FILE_TOO_LARGE for what would become a long text. */
export async function encodeFile(file: FileReference, encoding: ParameterEncoding, { files }: Scope): Promise<string> {
  if (encoding === 'json') return JSON.stringify(fileJson(file));
  if (files === undefined) throw filesUnavailable(file);
  if (encoding === 'form') throw new MapwrightError('PARAMETER_INVALID', 'a file cannot be written as a form');
  if (encoding !== 'base64' && encoding !== 'hex') {
    const hash = createHash(encoding);
    for await (const chunk of files.read(file.id)) hash.update(chunk);
    return hash.digest('hex');
  }
  if (file.size > MOST_BYTES_IN_TEXT) {
    const message = `the file ${file.name} has ${file.size} bytes; ${MOST_BYTES_IN_TEXT} is the most that goes into a text`;
    throw new MapwrightError('FILE_TOO_LARGE', message, { hint: 'send it with body="multipart" or body="raw"' });
  }
  const pieces: Uint8Array[] = [];
  for await (const chunk of files.read(file.id)) pieces.push(chunk);
  return Buffer.concat(pieces).toString(encoding);
}

/** FILE_UNAVAILABLE: where there is no install, there are no files. */
export function filesUnavailable({ name }: Pick<FileReference, 'name'>): MapwrightError {
  return new MapwrightError('FILE_UNAVAILABLE', `the file "${name}" is not read here: there is no install`, {
    hint: 'run the map on an install: mapwright try MAP --record ID',
  });
}

interface Reading {
  readonly root: 'record' | 'context';
  readonly path: readonly string[];
}

function readingOf(name: string): Reading {
  const path = name.split('.');
  return path[0] === 'context' && path.length > 1 ? { root: 'context', path: path.slice(1) } : { root: 'record', path };
}

function valueOf({ root, path }: Reading, { values, related }: Scope): Json | undefined {
  if (root === 'record') return memberOf(path.length > 1 ? related : values.record, path.join('.'));
  let value: Json | undefined = values.context;
  for (const name of path) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}
