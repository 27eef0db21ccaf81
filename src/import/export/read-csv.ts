const HEADER = /^\ufeff?"?workflow_id"?\s*[,;]/u;

/** True for the file that coreBOS's own import of workflows takes: a table whose first column holds workflows in base64. */
export function isWorkflowCsv(text: string): boolean {
  return HEADER.test(text);
}

/** The first column of each row below the header. */
export function workflowsOfCsv(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/u)
    .slice(1)
    .map((line) => /^"?([A-Za-z0-9+/=]+)"?(?:[,;]|$)/u.exec(line)?.[1] ?? '')
    .filter((cell) => cell !== '');
}
