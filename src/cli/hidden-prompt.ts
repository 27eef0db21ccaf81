import { MapwrightError } from '../core/error.ts';

/** A terminal that a person types on. */
export interface HiddenPromptParams {
  readonly question: string;
  readonly input: NodeJS.ReadStream;
  /** Standard error, so that the question is seen when the output goes elsewhere. */
  readonly output: NodeJS.WritableStream;
}

/** Asks for one line and shows none of it. Rejects with CLI_INTERRUPTED on Ctrl-C. */
export async function askHidden({ question, input, output }: HiddenPromptParams): Promise<string> {
  output.write(question);
  input.setEncoding('utf8');
  input.setRawMode(true);
  try {
    return await readHiddenLine(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write('\n');
  }
}

async function readHiddenLine(input: NodeJS.ReadStream): Promise<string> {
  let line: HiddenLine = { text: '', done: false };
  for await (const chunk of input.iterator({ destroyOnReturn: false })) {
    line = typeHidden(line.text, String(chunk));
    if (line.done) break;
  }
  return line.text;
}

interface HiddenLine {
  readonly text: string;
  readonly done: boolean;
}

const ENTER = /^[\r\n\u0004]$/u;
const BACKSPACE = /^[\b\u007f]$/u;
const CTRL_C = '\u0003';
const CTRL_U = '\u0015';

/** The line after some keys: a pasted text comes as one chunk. Throws CLI_INTERRUPTED at Ctrl-C. */
export function typeHidden(before: string, keys: string): HiddenLine {
  let text = [...before];
  for (const key of keys) {
    if (ENTER.test(key)) return { text: text.join(''), done: true };
    if (key === CTRL_C) throw new MapwrightError('CLI_INTERRUPTED', 'nothing was changed');
    if (BACKSPACE.test(key)) text.pop();
    else if (key === CTRL_U) text = [];
    else text.push(key);
  }
  return { text: text.join(''), done: false };
}
