import { parentPort } from 'node:worker_threads';
import type { LargeBodyQuestion } from '../../core/large-body.ts';
import { readLargeBody } from '../../engine/answer/read-large-body.ts';
import { readXmlValueInPieces } from '../../xml/xml-value.ts';

// The thread that reads large bodies, one after the other.
parentPort?.on('message', (question: LargeBodyQuestion) => {
  parentPort?.postMessage(readLargeBody(question, readXmlValueInPieces));
});
