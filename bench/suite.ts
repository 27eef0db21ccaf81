/** One option of a suite, `--name VALUE`. */
export interface SuiteOption {
  readonly name: string;
  /** What stands for its value in the help: N, LIST, FOLDER. */
  readonly value: string;
  readonly about: string;
  readonly default: string;
  /** With `--quick`. */
  readonly quick: string;
}

export interface SuiteParams {
  /** The values of its options. */
  readonly option: (name: string) => string;
  /** Empty, and removed afterwards. */
  readonly folder: string;
  /** Tells a person, in one line, what is being done. */
  readonly progress: (line: string) => void;
}

export interface SuiteResult {
  /** As JSON: everything measured. */
  readonly facts: unknown;
  /** The same as tables, at most 110 columns wide. */
  readonly text: string;
}

/** One group of measurements. */
export interface Suite {
  readonly name: string;
  readonly about: string;
  readonly options: readonly SuiteOption[];
  run(params: SuiteParams): Promise<SuiteResult>;
}

/** A whole number of at least `least`, which is 1; throws UsageError for anything else. */
export function countOption({ option }: SuiteParams, name: string, least: number = 1): number {
  const text = option(name);
  const count = Number(text);
  if (/^\d{1,9}$/u.test(text) && count >= least) return count;
  throw new UsageError(`--${name} takes a whole number of at least ${least}, not "${text}"`);
}

/** The program was called wrongly. */
export class UsageError extends Error {}
