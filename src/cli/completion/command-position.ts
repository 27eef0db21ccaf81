import type { Argument, Command, Option } from 'commander';

/** What the word that is being typed stands for. */
export interface CommandPosition {
  /** The innermost command that the words before name. */
  readonly command: Command;
  /** The option whose value is being typed. */
  readonly option: Option | undefined;
  /** The argument that is being typed; undefined when the command takes no more. */
  readonly argument: Argument | undefined;
  /** The word so far. */
  readonly word: string;
  /** Values of options given before, by name: for `--dir`. */
  readonly given: Readonly<Record<string, string>>;
}

/** Follows the words through the commands; the last is the one that is being typed. */
export function commandPosition(program: Command, written: readonly string[]): CommandPosition {
  const words = withoutEquals(written);
  let command = program;
  let option: Option | undefined;
  let count = 0;
  const given: Record<string, string> = {};
  for (const word of words.slice(0, -1)) {
    if (word.startsWith('-') && word !== '-') {
      option = valueWanted(command, word);
      noteInline(command, word, given);
    } else if (option !== undefined) {
      given[option.attributeName()] = word;
      if (!option.variadic) option = undefined;
    } else {
      const sub = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (sub === undefined) count++;
      else [command, count] = [sub, 0];
    }
  }
  return { command, option, argument: argumentAt(command, count), word: words.at(-1) ?? '', given };
}

/** Bash takes `--dir=x` for three words. */
function withoutEquals(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => word !== '=');
  return words.at(-1) === '=' ? [...kept, ''] : kept;
}

/** The options that a command takes, those of the commands above it included. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent === null ? [] : optionsOf(command.parent))];
}

function optionNamed(command: Command, word: string): Option | undefined {
  const name = word.split('=', 1)[0];
  return optionsOf(command).find(({ long, short }) => name === long || name === short);
}

function valueWanted(command: Command, word: string): Option | undefined {
  const option = optionNamed(command, word);
  const takesValue = option !== undefined && (option.required || option.optional);
  return takesValue && !word.includes('=') ? option : undefined;
}

function noteInline(command: Command, word: string, given: Record<string, string>): void {
  const at = word.indexOf('=');
  const option = at === -1 ? undefined : optionNamed(command, word);
  if (option !== undefined) given[option.attributeName()] = word.slice(at + 1);
}

function argumentAt(command: Command, count: number): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[count] ?? (last?.variadic === true ? last : undefined);
}
