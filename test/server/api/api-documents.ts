import { nativeDocument } from '../../whole/documents.ts';

const field = '<field name="subject" label="subject" type="string"/><field name="note" label="note" type="string"/>';

/** A module, and workflows without one. */
export const ORDERS = nativeDocument('module', 'name="Orders" label="Orders" prefix="40" title="subject"', field);
export const NIGHTLY = nativeDocument(
  'workflow',
  'name="nightly"',
  '<trigger on="manual" wait="20s"/><tasks><end id="end"/></tasks>',
);
export const BROKEN = nativeDocument('workflow', 'name="broken"', '<tasks><nothing/></tasks>');
