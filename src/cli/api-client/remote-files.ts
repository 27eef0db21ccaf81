import type { FileReference } from '../../core/file-store.ts';
import { MapwrightError } from '../../core/error.ts';
import type { FileAdministration } from '../../runtime/files/file-administration.ts';
import type { RawSend, Send } from './api-exchange.ts';
import { path } from './api-exchange.ts';

/** A file on its way: its pieces are the body of one request. */
interface Upload {
  readonly pieces: ReadableStreamDefaultController<Uint8Array>;
  readonly answered: Promise<FileReference>;
  /** Resolves when the request wants more. */
  wanted(): Promise<void>;
}

/** Files of an install on another machine, streamed there and back. */
export function remoteFiles(send: Send, sendRaw: RawSend): FileAdministration {
  const uploads = new Map<string, Upload>();
  const upload = (id: string): Upload => {
    const found = uploads.get(id);
    if (found !== undefined) return found;
    throw new MapwrightError('FILE_UPLOAD_UNKNOWN', `no file "${id}" is being sent`);
  };
  return {
    async beginFile({ name, type }) {
      const id = `upload-${uploads.size + 1}`;
      uploads.set(id, startUpload(sendRaw, name, type));
      return { id };
    },
    async appendFile({ id, base64 }) {
      const { pieces, answered, wanted } = upload(id);
      // A request that was refused in the middle wants nothing more.
      await Promise.race([wanted(), answered]);
      pieces.enqueue(Buffer.from(base64, 'base64'));
    },
    async finishFile({ id }) {
      const { pieces, answered } = upload(id);
      uploads.delete(id);
      pieces.close();
      return answered;
    },
    file: ({ id }) => send({ method: 'GET', path: path`/files/${id}/about` }),
    async readFile({ id, offset, bytes }) {
      const range = `bytes=${offset}-${offset + bytes - 1}`;
      const response = await sendRaw(path`/files/${id}`, { method: 'GET', headers: { range } });
      return { base64: Buffer.from(await response.arrayBuffer()).toString('base64') };
    },
  };
}

function startUpload(sendRaw: RawSend, name: string, type: string | undefined): Upload {
  let wake = Promise.withResolvers<void>();
  let given: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (given = controller),
    pull: () => wake.resolve(),
  });
  const headers = { 'content-type': type ?? 'application/octet-stream' };
  const answered = sendRaw(`/files?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  }).then(async (response) => (await response.json()) as FileReference);
  answered.catch(() => undefined);
  if (given === undefined) throw new Error('a stream starts at once');
  return {
    pieces: given,
    answered,
    async wanted() {
      await wake.promise;
      wake = Promise.withResolvers();
    },
  };
}
