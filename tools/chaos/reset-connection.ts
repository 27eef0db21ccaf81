import type { Socket } from 'node:net';

/**
 * Resets a connection; one that is just being closed is only given up. Node 24 never lets go of a connection that is
 * reset while it is being closed, and a process that holds one spins for ever instead of ending.
 */
export function resetConnection(socket: Socket | null): void {
  if (socket?.writableEnded === true) socket.destroy();
  else socket?.resetAndDestroy();
}
