import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import { DEEPEST_JSON, isTooDeep, keepLargeNumber } from '../core/json-text.ts';
import { missingFile } from './missing-file.ts';
import { jsonErrorOffset } from './json-scanner.ts';

/**
 * Reads a JSON object from a file. Rejects with CLI_FILE_MISSING, CLI_FILE_UNREADABLE, or CLI_JSON_INVALID, which names
 * the line and the column (both from 1).
 */
export async function readJsonFile(file: string, workingFolder: string): Promise<JsonObject> {
  const text = await readText(file, workingFolder);
  return parseJsonObject(text, file);
}

async function readText(file: string, workingFolder: string): Promise<string> {
  try {
    return await readFile(resolve(workingFolder, file), 'utf8');
  } catch (thrown) {
    throw await missingFile({ file, workingFolder, thrown });
  }
}

/** The object that a text holds; `file` is named in errors. Throws CLI_JSON_INVALID. */
export function parseJsonObject(written: string, file: string): JsonObject {
  const text = written.replace(/^\ufeff/u, '');
  const value = parseJson(text, file);
  if (isJsonObject(value)) return value;
  throw new MapwrightError('CLI_JSON_INVALID', `${file}:1:1 holds no JSON object`, {
    hint: 'write an object of names and values: {"productname": "Bolt"}',
  });
}

/** Any JSON value that a text holds. Throws CLI_JSON_INVALID. */
export function parseJson(text: string, file: string): Json {
  if (isTooDeep(text)) {
    throw new MapwrightError(
      'CLI_JSON_INVALID',
      `${file} nests lists and objects more than ${DEEPEST_JSON} levels deep`,
      {
        hint: 'flatten it; see whether a list was not closed',
      },
    );
  }
  try {
    return JSON.parse(text, keepLargeNumber) as Json;
  } catch (cause) {
    const before = text.slice(0, jsonErrorOffset(text)).split(/\r\n|\r|\n/u);
    const place = `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    throw new MapwrightError('CLI_JSON_INVALID', `${place} is no JSON: ${reasonOf(cause)}`, {
      hint: 'names and texts stand in double quotes, and nothing but values between commas',
      cause,
    });
  }
}

/** The engine's sentence without the place, which is told better by us, and without the text around it. */
function reasonOf(cause: unknown): string {
  return messageOf(cause)
    .replace(/ in JSON at position .*$/su, '')
    .replace(/, (\.\.\.)?".*$/su, '');
}
