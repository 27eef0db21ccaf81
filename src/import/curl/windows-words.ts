import type { ShellWord } from './shell-words.ts';

/** True of a command as it is written for the command prompt of Windows: with `^` before line ends or quotes. */
export function isWindowsCommand(text: string): boolean {
  return /\^[ \t]*(?:\r?\n|$)|\^"/u.test(text);
}

/** The words of the commands in a text for the command prompt of Windows, as cmd.exe and the C runtime divide them. */
export function windowsCommands(text: string): ShellWord[][] {
  return withoutCarets(text)
    .map(wordsOf)
    .filter((words) => words.length > 0)
    .map((words) => words.map((word) => ({ text: word, variables: [] })));
}

/** The lines of the commands. Outside of quotes `^` makes the next character stand for itself; at the end of a line it joins. */
function withoutCarets(written: string): string[] {
  const text = written.replaceAll('\r\n', '\n').replaceAll(/\^[ \t]+\n/gu, '^\n');
  const lines: string[] = [];
  let line = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '^' && !isQuoted) {
      at++;
      // The character after a joined line end stands for itself, a second line end too.
      if (text[at] === '\n' && text[at + 1] === '\n') at++;
      else if (text[at] === '\n') continue;
      line += text[at] ?? '';
    } else if (character === '\n') {
      lines.push(line);
      line = '';
      isQuoted = false;
    } else {
      if (character === '"') isQuoted = !isQuoted;
      line += character;
    }
  }
  return [...lines, line];
}

/** As the C runtime reads its arguments: `\"` is a quote, backslashes before a quote count twice, `""` inside quotes is one. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '\\') {
      const slashes = /^\\+/u.exec(line.slice(at))?.[0].length ?? 1;
      const isBeforeQuote = line[at + slashes] === '"';
      word = (word ?? '') + '\\'.repeat(isBeforeQuote ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (isBeforeQuote && slashes % 2 === 1) {
        word += '"';
        at++;
      }
    } else if (character === '"' && isQuoted && line[at + 1] === '"') {
      word = `${word ?? ''}"`;
      at++;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (/\s/u.test(character) && character !== '\n' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}
