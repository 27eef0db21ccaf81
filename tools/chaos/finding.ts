/** One promise, and where it was broken. */
export interface Finding {
  readonly promise: string;
  /** Nothing: it was kept. */
  readonly broken: readonly string[];
}

/** True when no promise was broken. */
export function areKept(findings: readonly Finding[]): boolean {
  return findings.every(({ broken }) => broken.length === 0);
}
