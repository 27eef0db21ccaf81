import { type Column, digits, textTable } from '../measure/text-table.ts';
import { BenchProcess } from '../process/child-process.ts';
import { type Suite, type SuiteParams, countOption } from '../suite.ts';
import type { FileTransfer } from './file-subject.ts';

interface FilesFacts {
  readonly mebibytes: number;
  readonly upload: FileTransfer;
  readonly download: FileTransfer;
  /** Above what the process held after small files. Goal: 200 MB at most. */
  readonly extraBytes: number;
}

const COLUMNS: readonly Column[] = [
  ['file', 12, 'left'],
  ['MiB', 10],
  ['seconds', 12],
  ['MiB/s', 12],
  ['peak memory, MB', 18],
];

const MEBIBYTE = 1024 * 1024;
const MEGABYTE = 1_000_000;

/** Whether files pass through a process without being held in it. */
export const filesSuite: Suite = {
  name: 'files',
  about: 'a large file sent and taken in by runs: how fast, and how much memory it takes',
  options: [{ name: 'mebibytes', value: 'N', about: 'size of the file', default: '2048', quick: '64' }],
  async run(params) {
    const facts = await measure(params);
    return { facts, text: render(facts) };
  },
};

async function measure(params: SuiteParams): Promise<FilesFacts> {
  const mebibytes = countOption(params, 'mebibytes');
  const peer = new BenchProcess('file-peer');
  const subject = new BenchProcess('files');
  try {
    await subject.ask('open', { folder: params.folder, url: await peer.ask('url', undefined) });
    await subject.ask('upload', { mebibytes: 1 });
    const { peakBytes: before } = await subject.ask('download', { bytes: MEBIBYTE });
    const upload = await subject.ask('upload', { mebibytes });
    const received = await peer.ask('received', undefined);
    if (received.sha256 !== upload.sha256) throw new Error('the peer got other bytes than were stored');
    params.progress(`files: ${mebibytes} MiB sent`);
    const download = await subject.ask('download', { bytes: mebibytes * MEBIBYTE });
    if (download.bytes !== mebibytes * MEBIBYTE) throw new Error('the file that was taken in has another size');
    await subject.ask('close', undefined);
    return { mebibytes, upload, download, extraBytes: download.peakBytes - before };
  } finally {
    await Promise.all([peer.end(), subject.end()]);
  }
}

function render({ mebibytes, upload, download, extraBytes }: FilesFacts): string {
  const row = (name: string, { seconds, peakBytes }: FileTransfer): string[] => [
    name,
    String(mebibytes),
    digits(seconds, 1),
    digits(mebibytes / seconds, 0),
    digits(peakBytes / MEGABYTE, 0),
  ];
  const table = textTable(COLUMNS, [row('sent', upload), row('taken in', download)]);
  return `${table}\nabove what small files took: ${digits(extraBytes / MEGABYTE, 0)} MB (goal: 200 at most)`;
}
