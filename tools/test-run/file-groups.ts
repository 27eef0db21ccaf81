import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TESTS = fileURLToPath(new URL('../../test/', import.meta.url));
const LOADER = new URL('./load-files.ts', import.meta.url).href;
const MOST_IN_GROUP = 8;

/** What changes or watches its whole process, or waits for others: nobody else's tests are to run in that process. */
const ALONE: readonly RegExp[] = [
  /\bprocess\.(?:argv|chdir|emit|env|exit|exitCode|on|once)\b/u,
  /child_process|command-line\.ts|server-process\.ts|postgres-(?:cluster|install)\.ts/u,
  // Hooks outside of any suite would be those of all files.
  /^(?:after|afterEach|before|beforeEach)\(/mu,
];

/**
 * Files of one folder go through one process, a few at a time: to start Node and to load the product costs more than most
 * of them do. `isLong` are left alone, so that they run beside each other. Gives what to run in place of the files, in
 * their order; each group is a file in `folder`.
 */
export function groupFiles(
  files: readonly string[],
  { folder, isLong }: { readonly folder: string; readonly isLong: (file: string) => boolean },
): string[] {
  const open = new Map<string, string[]>();
  const groups: string[][] = [];
  for (const file of files) {
    const room = dirname(file);
    const group = isLong(file) || !isShareable(file) ? undefined : open.get(room);
    if (group !== undefined && group.length < MOST_IN_GROUP) {
      group.push(file);
      continue;
    }
    const own = [file];
    groups.push(own);
    if (!isLong(file) && isShareable(file)) open.set(room, own);
  }
  return groups.map((group, index) => (group.length === 1 ? group.join() : writeGroup(group, { folder, index })));
}

function isShareable(file: string): boolean {
  if (relative(TESTS, file).startsWith('..')) return false;
  const text = readFileSync(file, 'utf8');
  return !ALONE.some((pattern) => pattern.test(text));
}

function writeGroup(group: readonly string[], { folder, index }: { folder: string; index: number }): string {
  const path = join(folder, `group-${index}.test.mjs`);
  const urls = group.map((file) => pathToFileURL(file).href);
  writeFileSync(path, `import { loadFiles } from '${LOADER}';\nawait loadFiles(${JSON.stringify(urls)});\n`);
  return path;
}
