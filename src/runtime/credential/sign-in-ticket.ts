import { createHash, randomBytes } from 'node:crypto';

/** What tells one sign-in from all others, each made of the one before and of no use to find it out. */
export interface SignInNames {
  /** Only the browser has it in which the sign-in was begun. */
  readonly ticket: string;
  /** Goes to the provider and comes back. */
  readonly state: string;
  /** Kept. */
  readonly id: string;
}

/** New ones, 256 bits at random. */
export function newSignInNames(): SignInNames {
  return namesOfTicket(randomBytes(32).toString('base64url'));
}

export function namesOfTicket(ticket: string): SignInNames {
  const state = stateOf(ticket);
  return { ticket, state, id: idOf(state) };
}

export function stateOf(ticket: string): string {
  return hash(`state of ${ticket}`);
}

export function idOf(state: string): string {
  return hash(`id of ${state}`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
