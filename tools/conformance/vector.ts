import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** The areas of the original's behaviour that facts are kept of. */
export const AREAS = ['expression', 'template', 'condition', 'map', 'wire', 'response'] as const;

export type Area = (typeof AREAS)[number];

/** One fact of the original: what it makes of an input. */
export interface Vector {
  readonly area: Area;
  readonly id: string;
  readonly input: JsonObject;
  /** What the original gives, oddities included. */
  readonly expected: Json;
  /** `depend`: stored documents rely on the oddity. `fix`: nobody can; it is mended. */
  readonly quirk?: 'depend' | 'fix';
  /** What to give instead of a mended oddity: a value, or words. */
  readonly recommended?: Json;
}

/** A folder that holds no vectors, or files that are none. */
export class VectorFileError extends Error {
  override readonly name = 'VectorFileError';
}

/** Every vector of a folder's `*.json` files, in the order of the files' names. Rejects with VectorFileError. */
export async function readVectors(folder: string): Promise<readonly Vector[]> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    throw new VectorFileError(`cannot read the folder ${folder}: ${String(thrown)}`);
  });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0) throw new VectorFileError(`there is no *.json file in ${folder}`);
  return (await Promise.all(files.map((name) => readVectorFile(join(folder, name))))).flat();
}

async function readVectorFile(file: string): Promise<readonly Vector[]> {
  const list = parse(file, await readFile(file, 'utf8'));
  if (!Array.isArray(list)) throw new VectorFileError(`${file}: not a list of vectors`);
  return list.map((item, index) => {
    if (isVector(item)) return item;
    throw new VectorFileError(`${file}: item ${index + 1} is no vector: it needs area, id, input, expected`);
  });
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new VectorFileError(`${file}: ${String(thrown)}`);
  }
}

function isVector(item: unknown): item is Vector {
  const candidate = item as Json;
  return (
    isJsonObject(candidate) &&
    (AREAS as readonly unknown[]).includes(candidate['area']) &&
    typeof candidate['id'] === 'string' &&
    isJsonObject(candidate['input'] ?? null) &&
    Object.hasOwn(candidate, 'expected') &&
    [undefined, 'depend', 'fix'].includes(candidate['quirk'] as string | undefined)
  );
}
