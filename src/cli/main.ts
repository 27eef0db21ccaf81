import { readFileSync } from 'node:fs';
import { processShell } from './process-shell.ts';
import { runCommandLine } from './program.ts';

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  process.exitCode = await runCommandLine({
    arguments: process.argv.slice(2),
    version: packageVersion(),
    shell: processShell(),
  });
}

/** The version in package.json, which lies two folders up from the sources and from what is built of them. */
function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
