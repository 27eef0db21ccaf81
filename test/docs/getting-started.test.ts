import assert from 'node:assert/strict';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../whole/command-line.ts';
import { blocksOf } from './page.ts';
import { commandPath, freePort, Reader } from './reader.ts';

/**
 * The page is followed from top to bottom, as a reader would. Only this differs from what the reader does: `npm install` is
 * answered by a script that does nothing, `npx mapwright` runs the checkout's bin/mapwright.js, and both servers listen on
 * ports that are free.
 */
const PAGE = 'getting-started.md';
const PRACTICE_PORT = '8090';
const SERVER_PORT = '8080';

describe('docs/getting-started.md', () => {
  it('works as it is written, from the empty folder to the last line', async (t) => {
    const home = await realpath(await temporaryFolder(t));
    const [practice, server] = [await freePort(), await freePort()];
    const typed = (line: string): string => {
      if (line.startsWith('npx mapwright practice')) return `${line} --port ${practice}`;
      if (line.startsWith('npx mapwright serve')) return `${line} --log text --port ${server}`;
      return line.replaceAll(PRACTICE_PORT, practice);
    };
    /** The service's document names the port that the reader's practice service has. */
    const afterwards = async (): Promise<void> => {
      const file = join(home, 'my-maps/documents/practice.xml');
      const text = await readFile(file, 'utf8').catch(() => '');
      const moved = text.replaceAll(`:${PRACTICE_PORT}"`, `:${practice}"`);
      if (moved !== text) await writeFile(file, moved);
    };
    const written = { [practice]: PRACTICE_PORT, [server]: SERVER_PORT };
    const path = await commandPath(t);
    const reader = new Reader(t, { home, folder: 'my-maps', path, typed, written, afterwards });
    const blocks = blocksOf(PAGE);
    assert.ok(blocks.length > 20);
    for (const block of blocks) await reader.follow(block);
  });
});
