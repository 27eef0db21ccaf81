/** Mapwright as a library: open an install in a folder, administer it, and let it run. */
export { MapwrightError } from './core/error.ts';
export { renderDiagnostic, type Diagnostic } from './core/diagnostic.ts';
export type { Failure, Run, RunStatus, RunWait } from './core/run.ts';
export type { Attempt, Step, StepEffect } from './core/step.ts';
export type { RecordImage, RecordValues } from './core/record.ts';
export type { Administration, ApplyReport, CheckReport, SourceFile } from './runtime/administration.ts';
export { checkDocuments } from './runtime/check.ts';
export { openInstall, type EngineEvent, type Install, type OpenInstallParams } from './runtime/install.ts';
