/** Mapwright as a library: a runtime inside an application that runs maps and workflows. See docs/library.md. */
export { createRuntime } from './runtime/create-runtime.ts';
export type {
  RunMapOptions,
  Runtime,
  RuntimeEvent,
  RuntimeOptions,
  StartOptions,
  StartedRun,
} from './runtime/runtime.ts';
export { MapFailedError, type MapResult } from './runtime/map-result.ts';
export type { FinishedRun, WaitOptions } from './runtime/run-waiters.ts';
export type { RuntimeFiles } from './runtime/files/runtime-files.ts';
export type { FileReference } from './core/file-store.ts';
export type { BuiltInRecords, ChangedRecord, RecordOptions } from './runtime/runtime-records.ts';
export type { ApplicationRecord, ApplicationRecords, ApplicationWrite } from './runtime/application-records.ts';
export type { ChangeAnswer, ReportedChange } from './runtime/reported-change.ts';
export { DocumentsInvalidError } from './runtime/runtime-documents.ts';
export { checkDocuments } from './runtime/check.ts';
export type { Administration, CheckReport, SourceFile, TryMapParams, TryMapReport } from './runtime/administration.ts';
export { MapwrightError } from './core/error.ts';
export { renderDiagnostic, type Diagnostic } from './core/diagnostic.ts';
export type { Json, JsonObject } from './core/json.ts';
export type { AwaitedRun } from './core/awaited-run.ts';
export type { RecordImage, RecordValue, RecordValues } from './core/record.ts';
export type { Failure, Run, RunStatus, RunWait } from './core/run.ts';
export type { Step, StepEffect } from './core/step.ts';
