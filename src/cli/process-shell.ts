import { tmpdir, userInfo } from 'node:os';
import { askLine } from './asked-line.ts';
import { askHidden } from './hidden-prompt.ts';
import { openAdministration } from './open-administration.ts';
import type { Shell } from './shell.ts';

/** The shell of this process. A reader of our output that goes away (`| head`) ends the process quietly. */
export function processShell(): Shell {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
  return {
    print: (text) => void process.stdout.write(`${text}\n`),
    printError: (text) => void process.stderr.write(`${text}\n`),
    // https://no-color.org: set to anything but nothing, it means no.
    colours: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    logsToPerson: process.stderr.isTTY === true,
    input: {
      interactive: process.stdin.isTTY === true,
      readAll,
      ask: (question) => askLine({ question, input: process.stdin, output: process.stderr }),
      askHidden: (question) => askHidden({ question, input: process.stdin, output: process.stderr }),
    },
    environment: process.env,
    workingFolder: process.cwd(),
    temporaryFolder: tmpdir(),
    clock: { now: () => Date.now() },
    operator: operatorName(),
    openAdministration: (params) => openAdministration({ operator: operatorName(), ...params }),
    untilSignal,
  };
}

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Containers may run under a user id that has no name. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ctrl+C in a terminal reaches this process, and npx, which passes it on: nobody asks twice in so short a time. */
const SAME_PRESS_MS = 300;

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        const now = performance.now();
        if (askedAt !== undefined && now - askedAt > SAME_PRESS_MS) process.exit(EXIT_BY_SIGNAL[signal]);
        askedAt ??= now;
        resolve(signal);
      });
    }
  });
}
