import type { CurlCommand } from '../../runtime/trial/curl-command.ts';
import { oneLine } from '../text-layout.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';

/** The command alone on standard output, so that it can be piped into a shell; what there is to know about it on the other. */
export function showCurl(curl: CurlCommand, options: GlobalOptions, { shell }: CommandRunner): void {
  if (options.json === true) return shell.print(JSON.stringify(curl, null, 2));
  // As it is: nothing of it is advice of ours.
  shell.print(curl.command);
  const form = 'each as it stands there: percent-encoded in an address or a form, escaped in JSON';
  if (curl.variables.length > 0) shell.printError(`set before it: ${curl.variables.join(', ')} (${form})`);
  for (const note of curl.notes) shell.printError(`note: ${oneLine(note)}`);
}
