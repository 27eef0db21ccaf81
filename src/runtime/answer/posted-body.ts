import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { LargeBodyQuestion, LargeBodyReading } from '../../core/large-body.ts';

/** What the thread is asked; the body waits at the port. */
export type PostedQuestion = Omit<LargeBodyQuestion, 'body'> & { readonly port: MessagePort };

/** What it answers, with the memory that it was given. */
export interface PostedReading {
  readonly reading: LargeBodyReading;
  readonly pieces: readonly Uint8Array[];
}

/**
 * Leaves the pieces at a port, memory and all, where no thread has them: a garbage collector counts the bodies that wait
 * to be read, and stops everybody, again and again, to look whether they are needed.
 */
export function park(pieces: readonly Uint8Array[]): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(pieces, memoryOf(pieces));
  return port2;
}

/** The pieces that were left there. */
export function fetchParked(port: MessagePort): Uint8Array[] {
  const parked: { message: Uint8Array[] } | undefined = receiveMessageOnPort(port);
  port.close();
  return parked?.message ?? [];
}

/** The memory of the pieces, which goes along with them when they are posted. */
export function memoryOf(pieces: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers = pieces.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
  return [...new Set(buffers)];
}
