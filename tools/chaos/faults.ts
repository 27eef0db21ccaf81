/** What the way from A to B, or B itself, can do to a call. `forwards`: B does the work, and its answer comes to harm. */
interface FaultTraits {
  readonly forwards: boolean;
  /** Harm is done only to calls that write: the others could not show it. */
  readonly writesOnly: boolean;
  readonly about: string;
}

const TRAITS = {
  refused: { forwards: false, writesOnly: false, about: 'nobody listens' },
  hanging: { forwards: false, writesOnly: false, about: 'the call is taken and never answered' },
  slow: { forwards: true, writesOnly: false, about: 'half a second to three seconds late' },
  reset: { forwards: true, writesOnly: false, about: 'the connection is reset in the middle of the answer' },
  'cut-off': { forwards: true, writesOnly: false, about: 'the answer ends before its end' },
  'status-500': { forwards: false, writesOnly: false, about: 'status 500' },
  'status-429': { forwards: false, writesOnly: false, about: 'status 429 with Retry-After' },
  'status-503': { forwards: false, writesOnly: false, about: 'status 503' },
  'html-page': { forwards: false, writesOnly: false, about: 'a page in HTML with status 200' },
  refusal: { forwards: false, writesOnly: false, about: 'success:false' },
  'wrong-json': { forwards: false, writesOnly: false, about: 'JSON that holds nothing of what is looked for' },
  redirect: { forwards: false, writesOnly: false, about: 'status 302 to another address' },
  'endless-body': { forwards: false, writesOnly: false, about: 'an answer that never ends' },
  'session-expired': { forwards: true, writesOnly: true, about: 'B ends the session before it gets the call' },
  'answer-lost': { forwards: true, writesOnly: true, about: 'B does the work, and no answer comes' },
} as const satisfies Record<string, FaultTraits>;

/** One kind of harm that is done to calls for a while. */
export type FaultName = keyof typeof TRAITS;

// Sound because the object literal above has no other members.
export const FAULT_NAMES = Object.keys(TRAITS) as readonly FaultName[];

/** What is known of a fault. */
export function traitsOf(fault: FaultName): FaultTraits {
  return TRAITS[fault];
}

/** True for a name of the list. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(TRAITS, name);
}
