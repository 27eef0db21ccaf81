import { createInterface } from 'node:readline/promises';
import { MapwrightError } from '../core/error.ts';

/** Asks for one line, which is seen while it is typed. Rejects with CLI_INTERRUPTED on Ctrl-C. Empty at the end of the input. */
export async function askLine(params: {
  readonly question: string;
  readonly input: NodeJS.ReadableStream;
  /** Standard error, so that the question is seen when the output goes elsewhere. */
  readonly output: NodeJS.WritableStream;
}): Promise<string> {
  const { question, input, output } = params;
  const reading = createInterface({ input, output, terminal: true });
  const ended = new AbortController();
  let isInterrupted = false;
  reading.once('SIGINT', () => {
    isInterrupted = true;
    reading.close();
  });
  reading.once('close', () => ended.abort());
  try {
    return await reading.question(question, { signal: ended.signal });
  } catch (thrown) {
    if (!ended.signal.aborted) throw thrown;
    if (isInterrupted) throw new MapwrightError('CLI_INTERRUPTED', 'nothing was changed');
    return '';
  } finally {
    reading.close();
  }
}
