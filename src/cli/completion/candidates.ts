import type { Command } from 'commander';
import type { CommandPosition } from './command-position.ts';
import { optionsOf } from './command-position.ts';
import type { InstallNames, NameKind } from './install-names.ts';

/** One thing that may be typed. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Names that the shell knows better than this program. */
export type ShellNames = 'files' | 'folders';

export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly shellNames: ShellNames | undefined;
}

const NOTHING: Completion = { candidates: [], shellNames: undefined };

/** Words for arguments and for values of options that are names of the install, whatever the command. */
const KINDS: readonly NameKind[] = [
  'map',
  'service',
  'pack',
  'workflow',
  'module',
  'setting',
  'secret',
  'user',
  'group',
  'revision',
  'schedule',
];
const FILES: readonly string[] = ['file', 'path', 'paths'];
const FOLDERS: readonly string[] = ['folder', 'dir'];

/** What may be typed at this place. `names` is asked only where names of the install belong. */
export async function completionAt(position: CommandPosition, names: InstallNames): Promise<Completion> {
  const { command, option, argument, word } = position;
  if (option !== undefined) {
    const value = /[<[]([\w-]+)/u.exec(option.flags)?.[1] ?? '';
    return valuesOf([option.attributeName(), value], { position, names, choices: option.argChoices });
  }
  if (word.startsWith('-')) return fitting(word, optionCandidates(command));
  if (command.commands.length > 0) return fitting(word, commandCandidates(command));
  if (argument === undefined) return NOTHING;
  return valuesOf([argument.name()], { position, names, choices: argument.argChoices });
}

interface ValueQuestion {
  readonly position: CommandPosition;
  readonly names: InstallNames;
  readonly choices: readonly string[] | undefined;
}

async function valuesOf(meanings: readonly string[], question: ValueQuestion): Promise<Completion> {
  const { position, names, choices } = question;
  const { word, command } = position;
  if (choices !== undefined) return fitting(word, choices.map(plain));
  const kind = kindOf(meanings, command);
  const found = kind === undefined ? [] : await names(kind, position.given);
  const { candidates } = fitting(word, found);
  const isMap = kind === 'map';
  if (isMap || meanings.some((one) => FILES.includes(one))) return { candidates, shellNames: 'files' };
  if (meanings.some((one) => FOLDERS.includes(one))) return { candidates, shellNames: 'folders' };
  return { candidates, shellNames: undefined };
}

/** `name` and `id` mean what the command is about: `setting remove NAME`, `runs show ID`. */
function kindOf(meanings: readonly string[], command: Command): NameKind | undefined {
  const [first = ''] = meanings;
  // Groups that are called by many things: `schedules pause NAME`.
  const about = (command.parent?.name() ?? '')
    .replace(/^schedules$/u, 'schedule')
    .replace(/^destinations$/u, 'service');
  if (first === 'run' || first === 'runs') return 'run';
  if (first === 'owner') return 'user';
  if (first === 'id' || first === 'ids') return about === 'runs' ? 'run' : undefined;
  const meaning = first === 'name' && command.name() !== 'add' ? about : first;
  return KINDS.find((kind) => kind === meaning);
}

function optionCandidates(command: Command): Candidate[] {
  return optionsOf(command)
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long, description }) => (typeof long === 'string' ? [{ value: long, description }] : []))
    .concat({ value: '--help', description: 'print help' });
}

function commandCandidates(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), description: one.description() }));
}

function plain(value: string): Candidate {
  return { value, description: '' };
}

function fitting(word: string, candidates: readonly Candidate[]): Completion {
  return { candidates: candidates.filter(({ value }) => value.startsWith(word)), shellNames: undefined };
}
