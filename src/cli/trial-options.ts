import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isUtf8 } from 'node:buffer';
import type { FileReference } from '../core/file-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { readExactJson } from '../core/json-text.ts';
import { recordPrefix } from '../core/record.ts';
import type { GivenParameter, GivenPlace } from '../engine/trial/given-parameters.ts';
import { CALL_SETTINGS } from '../engine/trial/given-settings.ts';
import type { TrialOverrides } from '../engine/trial/trial-overrides.ts';
import type { TryMapParams } from '../runtime/administration.ts';
import { wholeNumber } from './argument-value.ts';
import type { GlobalOptions } from './command-runner.ts';
import { readJsonFile } from './json-file.ts';
import { missingFile } from './missing-file.ts';

/** A name and what it is given. */
type Pair = readonly [name: string, value: string];

/** What a trial is given on the command line. */
export interface TrialOptions extends GlobalOptions {
  readonly record?: string;
  readonly context?: readonly string[];
  readonly input?: readonly string[];
  readonly path?: readonly Pair[];
  readonly query?: readonly Pair[];
  readonly header?: readonly Pair[];
  readonly form?: readonly Pair[];
  readonly param?: readonly Pair[];
  readonly file?: readonly Pair[];
  readonly body?: string;
  readonly set?: readonly Pair[];
  readonly setting?: readonly Pair[];
  readonly credential?: string;
  readonly run?: number;
  readonly step?: string;
}

/** Adds the options that say what a trial is given. */
export function addTrialOptions(command: Command): Command {
  const names = CALL_SETTINGS.map(({ name }) => name).join(', ');
  return command
    .option('--record <id-or-file>', 'a stored record by its id, or a JSON file of field values')
    .option('--context <name=value>', 'a value of the context, or a JSON file of values; may be repeated', collect)
    .option('--input <name=value>', 'a value that a caller hands over, or a JSON file; may be repeated', collect)
    .option('--path <name=value>', 'the value of a parameter in the path', pairs)
    .option('--query <name=value>', 'the value of a parameter in the query', pairs)
    .option('--header <name=value>', 'a header: in the place of one of that name, or beside the others', pairs)
    .option('--form <name=value>', 'the value of a parameter in the body', pairs)
    .option('--param <name=value>', 'the value of a parameter, wherever the map has it', pairs)
    .option('--file <name=path>', 'a file of this machine for a parameter that is a file', pairs)
    .option('--body <text>', 'the whole body; @FILE takes it from a file')
    .option('--set <name=value>', `what the call is set to: ${names}`, pairs)
    .option('--setting <name=value>', 'a setting of the install, for this call', pairs)
    .option('--credential <name>', "the credential in the place of the service's; none for none")
    .addOption(
      new Option('--run <id>', 'a stored run that gives record and context; with --step').argParser(wholeNumber),
    )
    .option('--step <task>', 'the task of that run: its map, and the values it went by');
}

/** The record that the options name. A file that is called like an id is named with its folder: `./14x1`. */
export async function recordGiven(
  given: string | undefined,
  workingFolder: string,
): Promise<Pick<TryMapParams, 'record' | 'recordId'>> {
  if (given === undefined) return { record: {} };
  if (recordPrefix(given) !== undefined) return { record: {}, recordId: given };
  return { record: await readJsonFile(given, workingFolder) };
}

/** Values by name, from pairs and from JSON files; what reads as JSON is a value of that type. */
export async function valuesGiven(given: readonly string[], workingFolder: string): Promise<JsonObject> {
  let values: JsonObject = {};
  for (const one of given) {
    const [name, text] = /^([^=/\\]+)=(.*)$/su.exec(one)?.slice(1) ?? [];
    values =
      name === undefined || text === undefined
        ? { ...values, ...(await readJsonFile(one, workingFolder)) }
        : { ...values, [name]: readExactJson(text) ?? text };
  }
  return values;
}

/** What stands in the place of what the documents say; undefined when nothing does. `send` stores a file of this machine. */
export async function overridesGiven(
  options: TrialOptions,
  workingFolder: string,
  send: (path: string) => Promise<FileReference>,
): Promise<TrialOverrides | undefined> {
  const files: GivenParameter[] = [];
  for (const [name, path] of options.file ?? []) {
    const { id, name: called, type, size, sha256 } = await send(path);
    files.push({ name, value: { id, name: called, type, size, sha256 }, in: 'file' });
  }
  const places = ['path', 'query', 'form'] as const;
  const parameters = [
    ...places.flatMap((place) => parametersOf(options[place] ?? [], place)),
    ...parametersOf(options.param ?? [], undefined),
    ...files,
  ];
  const body = options.body === undefined ? undefined : await bodyGiven(options.body, workingFolder, send);
  const { header = [], set = [], setting = [], credential } = options;
  const overrides: TrialOverrides = {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(header.length === 0 ? {} : { headers: header }),
    ...(body === undefined ? {} : { body }),
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set) }),
    ...(setting.length === 0 ? {} : { settings: Object.fromEntries(setting) }),
    ...(credential === undefined ? {} : { credential }),
  };
  return Object.keys(overrides).length === 0 ? undefined : overrides;
}

/** The same name several times is a list. */
function parametersOf(given: readonly Pair[], place: GivenPlace | undefined): GivenParameter[] {
  const values = new Map<string, Json>();
  for (const [name, value] of given) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return [...values].map(([name, value]) => ({ name, value, ...(place === undefined ? {} : { in: place }) }));
}

/** More than this of text is stored as a file first. */
const LONGEST_TEXT = 1024 * 1024;

async function bodyGiven(
  given: string,
  workingFolder: string,
  send: (path: string) => Promise<FileReference>,
): Promise<string | FileReference> {
  if (!given.startsWith('@')) return given;
  const file = given.slice(1);
  const bytes = await readFile(resolve(workingFolder, file)).catch(async (thrown: unknown) => {
    throw await missingFile({ file, workingFolder, thrown });
  });
  return bytes.length <= LONGEST_TEXT && isUtf8(bytes) ? bytes.toString('utf8') : send(file);
}

function collect(written: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), written];
}

function pairs(written: string, before: readonly Pair[] | undefined): readonly Pair[] {
  const [, name, value] = /^([^=]+)=(.*)$/su.exec(written) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('It must be a name and a value: NAME=VALUE.');
  }
  return [...(before ?? []), [name, value]];
}
