export { recordAnswer, recordRequest } from './call-record.ts';
export { createRedactor, type Redactor } from './redactor.ts';
export { isSensitiveHeader, isSensitiveName, redactJson } from './sensitive-name.ts';
