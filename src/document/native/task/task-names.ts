/** The elements that may stand in a list of tasks. Reserved ones are let through so that they are told as reserved, not as unknown. */
export const TASK_NAMES = {
  webservice: 'many',
  'set-fields': 'many',
  'create-record': 'many',
  upsert: 'many',
  expression: 'many',
  launch: 'many',
  notify: 'many',
  email: 'many',
  choose: 'many',
  end: 'many',
  respond: 'many',
  wait: 'many',
  parallel: 'many',
} as const;
