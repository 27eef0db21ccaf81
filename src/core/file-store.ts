import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { RunId } from './run.ts';

/** A stored file as records, contexts and histories hold it: everything but its bytes. */
export interface FileReference {
  /** Unguessable. */
  readonly id: string;
  /** As people know it: `contract.pdf`. */
  readonly name: string;
  /** Media type: `application/pdf`. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** What is known of a file before its first byte. */
export interface FileHead {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The run that makes it: the file stays as long as that run has not ended. */
  readonly run?: RunId | undefined;
}

/** A file that is being stored. Nobody can refer to it before `finish`. */
export interface FileWriter {
  /** Resolves when the store has taken the bytes: whoever waits for that fills no memory. Not to be called again before. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes it a file; on disk when this resolves. */
  finish(): Promise<FileReference>;
  /** Gives it up. What was stored of it is cleared away later. */
  abandon(): Promise<void>;
}

/**
 * Files, kept in chunks so that none is ever in memory whole. A file stays as long as a record holds it, a run that made it
 * or that is about a record which held it has not ended, and at least a day after that.
 * Every method rejects with STORE_UNAVAILABLE when the database cannot be used.
 */
export interface FileStore {
  create(head: FileHead): Promise<FileWriter>;
  /** Undefined when there is no such file, or not all of it. */
  find(id: string): Promise<FileReference | undefined>;
  /** As `find`, for whoever is about to refer to it: it is not cleared away within a day from `at`. */
  hold(id: string, at: number): Promise<FileReference | undefined>;
  /** Its bytes from `from` to before `to`. Rejects with FILE_GONE when it is not there, or no longer. */
  read(id: string, range?: { readonly from: number; readonly to: number }): AsyncIterable<Uint8Array>;
  /**
   * Clears away what nobody has needed since before that time, at most so many rows; gives how many, 0 when there is no
   * more. Goes on where a killed process stopped.
   */
  clear(params: { readonly before: number; readonly limit: number }): Promise<number>;
}

/** What reads files that are there. */
export type FileSource = Pick<FileStore, 'find' | 'read'>;

/** The files of the calls of a step: what they send, and what they make now. */
export interface CallFiles extends FileSource {
  create(head: Omit<FileHead, 'at'>): Promise<FileWriter>;
}

/** Bytes of each chunk but the last. */
export const CHUNK_BYTES = 256 * 1024;

/** What a file is when nobody says. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const LONGEST_NAME = 255;
const LONGEST_TYPE = 255;

/** What can be asked of a file besides its bytes: `record.copy.name`. */
export const FILE_MEMBERS = ['id', 'name', 'type', 'size', 'sha256'] as const;

/** True for the name of one of them. */
export function isFileMember(name: string): name is (typeof FILE_MEMBERS)[number] {
  return FILE_MEMBERS.some((member) => member === name);
}

/** The reference as JSON, its members in one order. */
export function fileJson({ id, name, type, size, sha256 }: FileReference): JsonObject {
  return { id, name, type, size, sha256 };
}

/** The reference as fields of type `file` keep it. */
export function fileText(file: FileReference): string {
  return JSON.stringify(fileJson(file));
}

/** The reference that a value is, as JSON or as its text; undefined when it is none. */
export function fileIn(value: Json | undefined): FileReference | undefined {
  const given = typeof value === 'string' ? parsed(value) : value;
  if (given === undefined || !isJsonObject(given)) return undefined;
  const { id, name, type, size, sha256 } = given;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof type !== 'string') return undefined;
  if (typeof size !== 'number' || typeof sha256 !== 'string') return undefined;
  return { id, name, type, size, sha256 };
}

/** The id of the file that a value names: an id, or a reference; undefined when it names none. */
export function fileIdIn(value: Json): string | undefined {
  if (typeof value === 'string' && !value.trimStart().startsWith('{')) return isFileId(value) ? value : undefined;
  const given = typeof value === 'string' ? parsed(value) : value;
  const id = given !== undefined && isJsonObject(given) ? given['id'] : undefined;
  return typeof id === 'string' && isFileId(id) ? id : undefined;
}

/** A name that a file can have on every system: no folder, no control characters; `file` when nothing is left of it. */
export function safeFileName(given: string): string {
  const last = given.split(/[/\\]/u).at(-1) ?? '';
  // oxlint-disable-next-line no-control-regex -- these are the very characters to leave away
  const name = last
    .toWellFormed()
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return /^\.*$/u.test(name) ? 'file' : shortened(name);
}

/** The type when it is one (RFC 9110 section 8.3.1), else the one of unknown bytes. */
export function mediaTypeOf(given: string | undefined): string {
  const type = given?.trim() ?? '';
  const isType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/u.test(type);
  return isType && type.length <= LONGEST_TYPE ? type : UNKNOWN_TYPE;
}

/** The ending tells programs what it is, so it stays. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const ending = /\.[^.]{1,15}$/u.exec(name)?.[0] ?? '';
  return `${name.slice(0, LONGEST_NAME - ending.length)}${ending}`.toWellFormed();
}

function isFileId(text: string): boolean {
  return /^[\w-]{8,64}$/u.test(text);
}

function parsed(text: string): Json | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    // JSON.parse gives nothing else.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
