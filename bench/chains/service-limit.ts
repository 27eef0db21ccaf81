import { syncDocuments } from '../../tools/stage/prepared-install.ts';

const LIMIT = /<limit concurrent="(\d+)"/u;

/** The documents that are shipped, under another limit of calls at once when one is given. */
export async function documentsUnder(limit: number | undefined): ReturnType<typeof syncDocuments> {
  const documents = await syncDocuments('5s');
  if (limit === undefined) return documents;
  return documents.map(({ file, text }) => ({ file, text: text.replace(LIMIT, `<limit concurrent="${limit}"`) }));
}

/** The same documents, whose runs keep nothing of what was sent and answered. */
export function withoutCalls(documents: Awaited<ReturnType<typeof syncDocuments>>): typeof documents {
  return documents.map(({ file, text }) => ({
    file,
    text: text.replace(/<workflow /gu, '<workflow keep-calls="none" '),
  }));
}

/** How many calls at once the service allows that is shipped. */
export async function shippedLimit(): Promise<number> {
  const found = (await syncDocuments('5s')).flatMap(({ text }) => LIMIT.exec(text)?.[1] ?? []);
  if (found.length !== 1) throw new Error('there is no one limit in the documents that are shipped');
  return Number(found[0]);
}
