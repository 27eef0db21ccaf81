import { type StarterExample, starterSteps } from './starter-steps.ts';

/** What does not belong into version control: an install's data and keys. */
export const IGNORED = `# The install: database, key, socket. The documents are what is worth keeping.
mapwright-data/
*.key
node_modules/
`;

/** Finds the schema by the namespace of a document. */
export const SCHEMA_CATALOG = `<?xml version="1.0" encoding="UTF-8"?>
<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
  <uri name="urn:mapwright:1" uri="mapwright-1.xsd"/>
</catalog>
`;

/** For the extension redhat.vscode-xml: completion, help on hover and problems while typing. */
export const EDITOR_SETTINGS = `${JSON.stringify(
  {
    'xml.catalogs': ['schema/catalog.xml'],
    'xml.fileAssociations': [
      { pattern: 'documents/**/*.xml', systemId: 'schema/mapwright-1.xsd' },
      { pattern: 'tests/**/*.xml', systemId: 'schema/mapwright-1.xsd' },
      { pattern: 'corebos/**/*.xml', systemId: 'schema/corebos-map.xsd' },
    ],
  },
  undefined,
  2,
)}
`;

export const EDITOR_EXTENSIONS = `${JSON.stringify({ recommendations: ['redhat.vscode-xml'] }, undefined, 2)}
`;

const ABOUT: Readonly<Record<StarterExample, string>> = {
  hello: `A new customer is sent to a service, and the id it gets there is written to the record.

| file | what it is |
|---|---|
| \`documents/customers.xml\` | the module: the table of customers and its fields |
| \`documents/practice.xml\` | the service that is called: where it is, what counts as success, when to try again |
| \`documents/hello-create.xml\` | the map: what is sent, and what is taken from the answer |
| \`documents/customer-created.xml\` | the workflow: when the map runs |
| \`tests/hello-create.test.xml\` | what the map must send for a record, and do with an answer |
| \`customer.json\` | a record to try the map with |`,
  'product-sync': `Products are kept in step with another install of Mapwright or coreBOS: \`documents/README.md\` tells of each file.`,
};

/** The page that stands in a new folder: what is in it, and the commands to begin with. */
export function starterReadme(example: StarterExample, command: string): string {
  const steps = starterSteps(example, command);
  const width = Math.max(...steps.map((step) => step.command.length));
  const lines = steps.map((step) => `${step.command.padEnd(width)}   # ${step.says}`);
  return `# Business maps

${ABOUT[example]}

## The first commands

Given in this folder. A command that stays (${steps.flatMap((step) => (step.stays === true ? [`\`${step.command}\``] : [])).join(', ')}) wants a terminal of its own.

\`\`\`
${lines.join('\n')}
\`\`\`

## Day by day

\`\`\`
${command} check documents tests    # every problem, with its line
${command} test documents tests     # what the maps send, without sending it
${command} plan documents           # what "apply" would change
${command} apply documents          # puts the documents in force, all or none
${command} runs list --waiting      # what needs a look
\`\`\`

\`schema/\` and \`.vscode/\` make an editor complete and check the documents while you type. The install itself (records, runs,
secrets) is in \`mapwright-data/\`, which stays out of version control.
`;
}
