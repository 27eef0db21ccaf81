import type { StreamedBody } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import { fileIn, type FileSource, UNKNOWN_TYPE } from '../../core/file-store.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { describeFile, requireStored, streamedBody } from './file-body.ts';
import type { EvaluatedParameter } from './prepared-call.ts';

/** A body of bytes, and the type that they are of when nothing else is said. */
export interface RawBody {
  readonly body: StreamedBody | Uint8Array | undefined;
  readonly contentType: string;
}

/** The file of a parameter, or the bytes of its base64; an empty value is no body. Rejects with FILE_GONE and PARAMETER_NOT_BASE64. */
export async function rawBody(
  { parameter, value, part }: EvaluatedParameter,
  files: FileSource | undefined,
): Promise<RawBody> {
  if (parameter.document.source.kind !== 'file' || parameter.document.encode !== undefined) {
    return { body: bytesOf(toPlainText(value), `parameter "${parameter.name}"`), contentType: UNKNOWN_TYPE };
  }
  const file = fileIn(value);
  if (file === undefined) return { body: undefined, contentType: UNKNOWN_TYPE };
  await requireStored(file, files);
  const contentType = part?.contentType ?? file.type;
  const shown = describeFile({ ...file, type: contentType });
  return { body: streamedBody([file], { files, shown, content: { kind: 'file', name: file.name } }), contentType };
}

/** The bytes that a text in base64 stands for, whatever blanks are in it; undefined for an empty one. */
export function bytesOf(text: string, what: string): Uint8Array | undefined {
  const written = text.replaceAll(/\s+/gu, '');
  if (written === '') return undefined;
  const digits = written.replace(/=+$/u, '');
  if (/^[A-Za-z0-9+/_-]*={0,2}$/u.test(written) && digits.length % 4 !== 1) return Buffer.from(written, 'base64');
  throw new MapwrightError('PARAMETER_NOT_BASE64', `${what} is sent as bytes, and is no base64`, {
    hint: 'send a text with body="text"; a file with file="..."',
  });
}
