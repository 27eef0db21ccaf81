import { MapwrightError } from '../../core/error.ts';
import type { Administration } from '../../runtime/administration.ts';

/** The name of a method that goes over the control socket. */
export type ControlMethod = keyof Administration;

/**
 * Every method of Administration, as the control socket serves and calls it. Server and client both walk this table;
 * a method that is missing here, or is no method of Administration, does not compile.
 */
const METHOD_TABLE: Readonly<Record<ControlMethod, true>> = {
  status: true,
  nodes: true,
  check: true,
  apply: true,
  plan: true,
  revisions: true,
  revision: true,
  tryMap: true,
  runs: true,
  run: true,
  retry: true,
  cancel: true,
  start: true,
  destinations: true,
  holdDestination: true,
  releaseDestination: true,
  retention: true,
  previewRetention: true,
  setRetention: true,
  schedules: true,
  nextSlots: true,
  pauseSchedule: true,
  resumeSchedule: true,
  runScheduleNow: true,
  createRecord: true,
  changeRecord: true,
  record: true,
  settings: true,
  setSetting: true,
  removeSetting: true,
  secrets: true,
  missingSecrets: true,
  setSecret: true,
  beginKeyRotation: true,
  keyRotation: true,
  modules: true,
  importPeople: true,
  transferProgress: true,
  takeRecords: true,
  settleReferences: true,
  recordsToGive: true,
  noteGiven: true,
  removeSecret: true,
  users: true,
  addUser: true,
  changeUser: true,
  renewAccessKey: true,
  groups: true,
  addGroup: true,
  removeGroup: true,
  addGroupMember: true,
  removeGroupMember: true,
  units: true,
  addUnit: true,
  moveUnit: true,
  removeUnit: true,
  addUnitMember: true,
  removeUnitMember: true,
  notifications: true,
  readNotifications: true,
  inbox: true,
  inboxItems: true,
  inboxItem: true,
  commandRun: true,
  previewInbox: true,
  commandInbox: true,
  inboxJobs: true,
  inboxJob: true,
  stopInboxJob: true,
  credentials: true,
  credential: true,
  connectCredential: true,
  signIn: true,
  disconnectCredential: true,
  testCredential: true,
  setPassword: true,
  tokens: true,
  createToken: true,
  revokeToken: true,
  audit: true,
  beginFile: true,
  appendFile: true,
  finishFile: true,
  file: true,
  readFile: true,
  library: true,
  libraryDocument: true,
  removeDocuments: true,
  undeleteDocuments: true,
  copyDocument: true,
  packs: true,
  availablePacks: true,
  pack: true,
  importPack: true,
  exportPack: true,
  removePack: true,
  picture: true,
  beginBackup: true,
  backupState: true,
};

/** All methods, in the order of the table. */
export const CONTROL_METHODS: readonly string[] = Object.keys(METHOD_TABLE);

/** True for the name of a method that the control socket serves. */
export function isControlMethod(name: string): name is ControlMethod {
  return Object.hasOwn(METHOD_TABLE, name);
}

/** Rises when a method's parameters or answer change in a way that the other side would misread. */
export const CONTROL_PROTOCOL = 1;

/** Where a client asks whom it talks to. */
export const HELLO_PATH = '/hello';

/** Where the methods are: `/call/status`. */
export const CALL_PATH = '/call/';

/** The header that names who gives the command, in URI encoding: whoever reaches the socket is believed. */
export const OPERATOR_HEADER = 'x-mapwright-operator';

/** Greatest size of a request in bytes: documents of a whole install travel in one. */
export const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

/** What the owner of an install says of itself. */
export interface ControlHello {
  readonly product: 'mapwright';
  readonly protocol: number;
}

/** An error as it travels: an RFC 9457 problem whose `code` is the error's own. */
export interface ControlProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
  readonly retryable: boolean;
}

/** What a request over {@link MAX_REQUEST_BYTES} is refused with, on either side. */
export function tooLarge(): MapwrightError {
  return new MapwrightError('CONTROL_TOO_LARGE', `the request is larger than ${MAX_REQUEST_BYTES / 1024 / 1024} MiB`, {
    hint: 'apply the documents in several parts, without --prune',
  });
}
