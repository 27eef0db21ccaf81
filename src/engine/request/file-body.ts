import { filesUnavailable } from '../../catalog/compile-file.ts';
import type { BodyContent, StreamedBody } from '../../core/call.ts';
import { MapwrightError } from '../../core/error.ts';
import type { FileReference, FileSource } from '../../core/file-store.ts';

/** A piece of a body: bytes at hand, or a file whose bytes are in the store. */
export type BodyPiece = Uint8Array | FileReference;

/** A body of pieces, its files read from the store each time that it is sent. */
export function streamedBody(
  pieces: readonly BodyPiece[],
  params: { readonly files: FileSource | undefined; readonly shown: string; readonly content?: BodyContent },
): StreamedBody {
  const { files, shown, content } = params;
  return {
    length: pieces.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece.size), 0),
    shown,
    content,
    async *open() {
      for (const piece of pieces) {
        if (piece instanceof Uint8Array) yield piece;
        else if (files === undefined) throw filesUnavailable(piece);
        else yield* files.read(piece.id);
      }
    },
  };
}

/** `contract.pdf (application/pdf, 1,024 bytes)`: what people see in the place of a file. */
export function describeFile({ name, type, size }: Pick<FileReference, 'name' | 'type' | 'size'>): string {
  return `${name} (${type}, ${size.toLocaleString('en-US')} bytes)`;
}

/** Rejects with FILE_GONE for a file that is no longer there: better before the call than in the middle of it. */
export async function requireStored(file: FileReference, files: FileSource | undefined): Promise<void> {
  if (files === undefined || (await files.find(file.id)) !== undefined) return;
  throw new MapwrightError('FILE_GONE', `the file ${file.name} (${file.id}) is no longer there`, {
    hint: 'put it into the record again',
  });
}
