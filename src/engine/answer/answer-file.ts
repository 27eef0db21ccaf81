import { createHash, randomUUID } from 'node:crypto';
import type { AnswerSink, CallAnswer } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { type CallFiles, fileJson, type FileReference, mediaTypeOf, safeFileName } from '../../core/file-store.ts';
import { wholeBody } from '../../core/large-body.ts';
import type { RunId } from '../../core/run.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { partOf } from '../../catalog/compile-file.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import type { AnswerQuestion, OutputWrite } from './judged-answer.ts';

/** Answers without a body, whatever they are about (RFC 9110 sections 15.3.5 and 15.3.6). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205]);

/**
 * Where the body of a good answer to this map goes; undefined when it goes nowhere, or no files are stored. Its name is as the
 * map, else the answer's Content-Disposition, else the address says.
 */
export async function answerSink(
  { file }: CompiledMap,
  scope: Scope,
  call: { readonly url: string; readonly run: RunId | undefined },
): Promise<AnswerSink | undefined> {
  const { files } = scope;
  if (file === undefined || files === undefined) return undefined;
  const said = await partOf(file, scope);
  return {
    maxBytes: file.document.maxBytes,
    accepts: (status) => status >= 200 && status < 300 && !WITHOUT_BODY.has(status),
    async store({ headers }, body) {
      const name = said.filename ?? safeFileName(dispositionName(headers) ?? addressName(call.url));
      const type = said.contentType ?? mediaTypeOf(headerOf(headers, 'content-type'));
      return storeAll(files, { id: randomUUID(), name, type, run: call.run }, body);
    },
  };
}

/** The reference to the file, for whoever the map gives it. Throws OUTPUT_MISSING when the answer has no body. */
export function fileWrites(
  { map, answer }: Pick<AnswerQuestion, 'map' | 'answer'>,
  missingIsFine: boolean,
): OutputWrite[] {
  if (map.file === undefined || missingIsFine) return [];
  const { field, context } = map.file.document;
  const file = answer.file ?? fileInMemory(answer);
  if (file === undefined) throw new MapwrightError('OUTPUT_MISSING', 'the answer has no body that could become a file');
  return [
    {
      field: field?.value,
      context: context?.value,
      value: fileJson(file),
      from: 'file',
      sensitive: false,
      fires: false,
    },
  ];
}

async function storeAll(
  files: CallFiles,
  head: Parameters<CallFiles['create']>[0],
  body: AsyncIterable<Uint8Array>,
): Promise<FileReference> {
  const writer = await files.create(head);
  try {
    for await (const chunk of body) await writer.write(chunk);
    return await writer.finish();
  } catch (thrown) {
    // What cannot be given up either is cleared away by its age.
    await writer.abandon().catch(() => undefined);
    throw thrown;
  }
}

/** Where no files are stored, as in map tests: what would have been one. */
function fileInMemory({ body, headers }: CallAnswer): FileReference | undefined {
  if (body.length === 0) return undefined;
  const sha256 = createHash('sha256').update(wholeBody(body)).digest('hex');
  const name = safeFileName(dispositionName(headers) ?? '');
  return { id: 'not-stored', name, type: mediaTypeOf(headerOf(headers, 'content-type')), size: body.length, sha256 };
}

function headerOf(headers: CallAnswer['headers'], wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

/** RFC 6266: `filename*` stands before `filename`. */
function dispositionName(headers: CallAnswer['headers']): string | undefined {
  const disposition = headerOf(headers, 'content-disposition') ?? '';
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/iu.exec(disposition)?.[1];
  const decoded = encoded === undefined ? undefined : decodedName(encoded);
  if (decoded !== undefined) return decoded;
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/iu.exec(disposition) ?? [];
  return quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain;
}

function addressName(url: string): string {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  return decodedName(last) ?? last;
}

function decodedName(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
