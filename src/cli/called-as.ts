/** The first words of commands that texts of the product tell to give. A test compares them with the commands there are. */
const COMMAND_WORDS =
  'demo init practice check test try run plan apply export convert import-module import-users import-maps import-workflows import-records import-openapi import-curl import-postman import-wsdl ' +
  'serve worker start runs inbox destinations schedules notifications record setting secret credential user token audit group unit ' +
  'service map document pack retention backup restore after-restore nodes migrate move-to-postgres completion help --help COMMAND';

const COMMAND = new RegExp(
  String.raw`(?<!npx )\bmapwright (?=(?:${COMMAND_WORDS.replaceAll(' ', '|')})(?![\w-]))`,
  'gu',
);

/** Lines that say what to do next. All else in the output may be data, which is shown as it is. */
const ADVICE = /^(?:[ ]*(?:hint:|mark as read:|to go on |waits |next: )|[ ]{2}mapwright ).*$/gmu;

/** A text of the product itself with its commands as they are given here: `npx mapwright apply` where npx is used. */
export function asCalled(text: string, command: string): string {
  return text.replaceAll(COMMAND, `${command} `);
}

/** Output for people, with the commands in its advice as they are given here. */
export function adviceAsCalled(output: string, command: string): string {
  return output.replaceAll(ADVICE, (line) => asCalled(line, command));
}
