/** A call from A to B, as far as it can be told from outside. */
export interface ObservedCall {
  readonly operation: string;
  readonly sessionName: string;
  /** The key of the step that makes it; undefined for a call that carries none. */
  readonly key: string | undefined;
}

/** When the calls of one step came by. */
export interface KeyArrivals {
  count: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
}

const WRITING_OPERATIONS: readonly string[] = ['create', 'revise', 'update'];

/** Reads a request of the web service from its query and its form. */
export function observeCall(url: string, body: string): ObservedCall {
  const query = new URL(url, 'http://b').searchParams;
  const form = new URLSearchParams(body);
  const parameter = (name: string): string => form.get(name) ?? query.get(name) ?? '';
  return {
    operation: parameter('operation'),
    sessionName: parameter('sessionName'),
    key: identifierIn(parameter('cbwsOptions')),
  };
}

/** True for a call that creates or changes a record. */
export function isWrite({ operation }: ObservedCall): boolean {
  return WRITING_OPERATIONS.includes(operation);
}

function identifierIn(options: string): string | undefined {
  if (options === '') return undefined;
  const { ClientRequestIdentifier: identifier } = JSON.parse(options) as { ClientRequestIdentifier?: string };
  return identifier;
}
