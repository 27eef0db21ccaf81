import type { StreamedBody } from '../../core/call.ts';
import { fileIn, type FileReference, type FileSource } from '../../core/file-store.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { type BodyPiece, describeFile, requireStored, streamedBody } from './file-body.ts';
import type { EvaluatedParameter } from './prepared-call.ts';

/** One part: a file, or a text with what it is called. */
interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: string | FileReference;
}

const CRLF = '\r\n';

/**
 * The parameters as parts of one body (RFC 7578), texts and files in their order; what is a list is repeated, an object is JSON.
 * An empty file makes no part. Rejects with FILE_GONE.
 * @param boundary must stand nowhere in the parts: nobody may be able to guess it
 */
export async function multipartBody(
  parameters: readonly EvaluatedParameter[],
  { boundary, files }: { readonly boundary: string; readonly files: FileSource | undefined },
): Promise<StreamedBody> {
  const parts = parameters.flatMap(partsOf);
  const pieces: BodyPiece[] = [];
  const shown: string[] = [];
  for (const part of parts) {
    const head = `--${boundary}${CRLF}${headOf(part)}${CRLF}${CRLF}`;
    const { content } = part;
    if (typeof content !== 'string') await requireStored(content, files);
    pieces.push(Buffer.from(head), typeof content === 'string' ? Buffer.from(content) : content, Buffer.from(CRLF));
    shown.push(`${part.name}: ${typeof content === 'string' ? content : describeFile(content)}`);
  }
  pieces.push(Buffer.from(`--${boundary}--${CRLF}`));
  const told = parts.map(({ content, ...part }) => ({
    ...part,
    text: typeof content === 'string' ? content : undefined,
  }));
  return streamedBody(joined(pieces), { files, shown: shown.join('\n'), content: { kind: 'parts', parts: told } });
}

function partsOf({ parameter, value, part }: EvaluatedParameter): Part[] {
  const { name, document } = parameter;
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item): Part[] => {
    if (document.source.kind === 'file' && document.encode === undefined) {
      const file = fileIn(item);
      if (file === undefined) return [];
      const named = { ...file, name: part?.filename ?? file.name, type: part?.contentType ?? file.type };
      return [{ name, filename: named.name, contentType: named.type, content: named }];
    }
    const isJson = isJsonObject(item) || Array.isArray(item);
    const contentType = part?.contentType ?? (isJson ? 'application/json' : undefined);
    return [{ name, filename: part?.filename, contentType, content: toPlainText(item) }];
  });
}

function headOf({ name, filename, contentType }: Part): string {
  const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  const type = contentType === undefined ? '' : `${CRLF}Content-Type: ${contentType}`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}${type}`;
}

/** As browsers do, and servers expect it: UTF-8 as it is, and percent-encoded what would end the line or the name (HTML, section 4.10.21.8). */
function quoted(text: string): string {
  return text.toWellFormed().replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Neighbouring bytes as one piece: each piece is a write of its own. */
function joined(pieces: readonly BodyPiece[]): BodyPiece[] {
  const found: BodyPiece[] = [];
  let bytes: Uint8Array[] = [];
  const settle = (): void => {
    if (bytes.length > 0) found.push(Buffer.concat(bytes));
    bytes = [];
  };
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      bytes.push(piece);
      continue;
    }
    settle();
    found.push(piece);
  }
  settle();
  return found;
}
