import type { XmlInstruction } from '../../xml/element.ts';
import type { DiagnosticLog } from '../diagnostic-log.ts';
import type { MapSwitches } from '../map.ts';

/** The target of the instruction that holds a map's switches. */
const TARGET = 'mapwright';

const NONE: MapSwitches = { rawValues: false, strictPaths: false };

/** What `<?mapwright values="raw" paths="strict"?>` turns on; anything else in it is COREBOS_SWITCH_UNKNOWN. */
export function readSwitches(instructions: readonly XmlInstruction[], log: DiagnosticLog): MapSwitches {
  return instructions
    .filter((instruction) => instruction.target === TARGET)
    .reduce((switches, instruction) => ({ ...switches, ...readInstruction(instruction, log) }), NONE);
}

function readInstruction(instruction: XmlInstruction, log: DiagnosticLog): Partial<MapSwitches> {
  const words = instruction.data.split(/[ \t\r\n]+/u).filter((word) => word !== '');
  const unknown = words.some((word) => !isValues(word) && !isPaths(word) && !isType(word));
  if (unknown) {
    log.warning({
      code: 'COREBOS_SWITCH_UNKNOWN',
      message: 'the instruction holds something that is no switch',
      hint: 'known: values="raw" paths="strict" type="..."',
      range: instruction.range,
    });
  }
  return {
    ...(words.some(isValues) ? { rawValues: true } : {}),
    ...(words.some(isPaths) ? { strictPaths: true } : {}),
  };
}

function isValues(word: string): boolean {
  return word === 'values="raw"' || word === "values='raw'";
}

/** Which type of map it is was decided before the map was read. */
function isType(word: string): boolean {
  return /^type=(["']).*\1$/u.test(word);
}

function isPaths(word: string): boolean {
  return word === 'paths="strict"' || word === "paths='strict'";
}
