import type { ExportedTask } from '../export/exported-workflow.ts';
import type { Converted } from './task-context.ts';

/** What a task of a class that is not converted did, and what does it here. */
const ADVICE: Readonly<Record<string, readonly [did: string, instead: string]>> = {
  VTDummyTask: ['does nothing', 'nothing is missing'],
  VTEntityMethodTask: ['runs a PHP function', 'let a map call a service that does the work'],
  VTCreateTodoTask: ['makes a to-do', 'write a <create-record> for the module that keeps them'],
  VTCreateEventTask: ['makes a calendar entry', 'write a <create-record> for the module that keeps them'],
  VTSMSTask: ['sends a text message', "call the provider's API with a map"],
  WhatsappWorkflowTask: ['sends a WhatsApp message', "call the provider's API with a map"],
  CBSendOneSignalNotificationWorkFlowTask: ['sends a push notification', "call OneSignal's API with a map"],
  CBPushNotificationTask: ['sends a push notification', 'call the address with a map'],
  CBGMPTask: ['tells Google Analytics', 'call the Measurement Protocol with a map'],
  CBTagTask: ['sets tags', 'keep tags in a multipicklist, and set it with <set-fields>'],
  CBSelectcbMap: ['chooses a map for access control', 'there is no access control by records here'],
  CBAssignRelatedTask: ['gives related records to another owner', 'launch a workflow on them with records="..."'],
  CBMassiveUpdateRelatedTask: ['updates related records', 'launch a workflow on them with records="..."'],
  CBDeleteRelatedTask: ['deletes related records', 'call the own web service with a map (MassDelete)'],
  CBRelateSales: ['relates products or services', 'call the own web service with a map (SetRelation)'],
  setManyToManyRelationwf: ['relates records', 'call the own web service with a map (SetRelation)'],
  DuplicateRecords: ['copies the record', 'write a <create-record> with mapping="..."'],
  convert_inventorymodule: ['makes an invoice or order of another one', 'write a <create-record> with mapping="..."'],
  create_invoice_from_so: ['makes an invoice of an order', 'write a <create-record> with mapping="..."'],
  GenerateDocument: ['makes a document', 'call a service that makes documents with a map'],
  generateReportWfTask: ['makes a report', 'call a service that makes reports with a map'],
  GenerateImageCodeWorkflowTask: ['makes a bar code or QR code', 'call a service that makes them with a map'],
  CBWatermark: ['puts a watermark on a picture', 'call a service that does it with a map'],
  CBSignPDFDocument: ['signs a PDF', 'call a service that signs with a map'],
  wfSendFile: ['sends a file', 'call a service that takes files with a map'],
};

const OTHER = ['does what is not known here', 'see what it did, and write a task or a map for it'] as const;

/** Leaves a task out: a comment in its place says what it did and what to do instead. */
export function leaveOut(task: ExportedTask, why?: string): Converted {
  const [did, instead] = Object.hasOwn(ADVICE, task.className) ? (ADVICE[task.className] ?? OTHER) : OTHER;
  const text = why ?? `${did}; ${instead}`;
  const outcome = task.className === 'VTDummyTask' ? 'kept' : 'dropped';
  return {
    nodes: [{ comment: `${task.summary || 'a task without a name'} (${task.className}) is left out: ${text}` }],
    ids: [],
    notes: [{ outcome, text: outcome === 'kept' ? text : `left out: ${text}` }],
  };
}
