/** How much is said: each level says what those before it say, and more. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** text: lines for people at a terminal. json: one object a line, for whatever collects logs. */
export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** One thing that a log says: names of documents, ids and codes, never values of records. */
export interface LogLine {
  readonly level: LogLevel;
  /** One sentence for people. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
}
