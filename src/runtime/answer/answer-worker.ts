import { parentPort } from 'node:worker_threads';
import { readLargeBody } from '../../engine/answer/read-large-body.ts';
import { readXmlValueInPieces } from '../../xml/xml-value.ts';
import { fetchParked, memoryOf, type PostedQuestion, type PostedReading } from './posted-body.ts';

// The thread that reads large bodies, one after the other.
parentPort?.on('message', ({ port, ...asked }: PostedQuestion) => {
  const pieces = fetchParked(port);
  const reading = readLargeBody({ ...asked, bytes: Buffer.concat(pieces) }, readXmlValueInPieces);
  const posted: PostedReading = { reading, pieces };
  parentPort?.postMessage(posted, memoryOf(pieces));
});
