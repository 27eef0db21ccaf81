import type { FileReference } from '../../core/file-store.ts';

/** Files as commands put and get them: in pieces, because everything that a command says is JSON. */
export interface FileAdministration {
  /** Begins to store a file; what is not finished is cleared away after a day. */
  beginFile(params: { name: string; type?: string | undefined }): Promise<{ readonly id: string }>;
  /**
   * Adds the next piece, in base64, of at most 1 MiB. `offset` says how many bytes came before it: a piece that is there already is
   * not added again. Rejects with FILE_UPLOAD_UNKNOWN, and FILE_UPLOAD_OFFSET for a piece that does not follow.
   */
  appendFile(params: { id: string; offset: number; base64: string }): Promise<void>;
  /** Makes it a file that records can hold. Rejects with FILE_UPLOAD_UNKNOWN. */
  finishFile(params: { id: string }): Promise<FileReference>;
  /** Rejects with FILE_GONE. */
  file(params: { id: string }): Promise<FileReference>;
  /** At most 1 MiB of its bytes, in base64, from `offset` on; empty behind its end. Rejects with FILE_GONE. */
  readFile(params: { id: string; offset: number; bytes: number }): Promise<{ readonly base64: string }>;
}

/** Bytes of the greatest piece. */
export const MOST_PIECE_BYTES = 1024 * 1024;
