// Writes dist/: every file of src/ as JavaScript with its declarations, and what the sources read besides.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** Folders that are read at run time and hold no TypeScript. */
const carried = ['store/sqlite/migrations', 'store/postgres/migrations'];

rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiled = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
for (const folder of carried) cpSync(join(root, 'src', folder), join(root, 'dist', folder), { recursive: true });
