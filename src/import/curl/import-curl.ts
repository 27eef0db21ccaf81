import { MapwrightError } from '../../core/error.ts';
import type { DescribedApi } from '../description/described-api.ts';
import { keyOf, nameOfWords } from '../description/naming.ts';
import { RequestTaker } from '../request/request-taker.ts';
import { divideUrl } from '../request/request-url.ts';
import { ServiceBook } from '../request/service-book.ts';
import { readCommand } from './curl-request.ts';
import { posixCommands, type ShellWord } from './shell-words.ts';
import { isWindowsCommand, windowsCommands } from './windows-words.ts';

/**
 * Services, credentials and calls out of commands of curl, as they are written for a POSIX shell or the command prompt of
 * Windows. What stands in them as a secret is in nothing that comes out. Variables of the shell become context values.
 * Throws IMPORT_CURL_INVALID when there is no command of curl, or one without an address.
 */
export function importCurl(text: string, choice: { readonly name?: string | undefined }): DescribedApi {
  const commands = (isWindowsCommand(text) ? windowsCommands(text) : posixCommands(text)).flatMap(curlWords);
  const read = commands.map((words) => readCommand(words));
  const [first] = read;
  if (first === undefined) {
    throw new MapwrightError('IMPORT_CURL_INVALID', 'this holds no command of curl', {
      hint: "quote it whole: mapwright import-curl 'curl https://api.example.com/orders'; or give a file, or - for standard input",
    });
  }
  const name = choice.name ?? nameOfHost(divideUrl(first.request.url).origin);
  const book = new ServiceBook({ name });
  const taker = new RequestTaker(book, (variable) => `context.${keyOf(variable)}`);
  for (const { request, notes } of read) {
    taker.take(request);
    const title = `${request.method} ${divideUrl(request.url).path || '/'}`;
    for (const says of notes) taker.note(title, says);
  }
  return taker.api;
}

/** The words behind `curl`, which may follow others: `time`, `$`, an assignment. */
function curlWords(words: readonly ShellWord[]): (readonly ShellWord[])[] {
  const at = words.findIndex(({ text }) => /(?:^|[/\\])curl(?:\.exe)?$/iu.test(text));
  return at === -1 || at > 4 ? [] : [words.slice(at + 1)];
}

/** `https://api.example.com:8443` gives `example`. */
function nameOfHost(origin: string): string {
  const host = origin
    .replace(/^[a-z]+:\/\//iu, '')
    .replace(/:\d+$/u, '')
    .replaceAll(/\{\{|\}\}/gu, '');
  const labels = host.split('.').filter((label) => !/^(?:www|api)$/iu.test(label));
  const isAddress = /^[\d.]+$|^\[/u.test(host);
  const chosen = isAddress || labels.length < 2 ? host : labels.slice(0, -1).join('-');
  return nameOfWords(chosen, 'api');
}
