import type { LegacyPart, Parameter, ParameterSource } from '../../document/map.ts';
import { CannotConvert } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import type { NativeSource } from './native-source.ts';

type PartsSource = Extract<ParameterSource, { kind: 'parts' }>;

/** The parts of a coreBOS field as they are, in a native parameter. */
export function legacyParts({ parts, delimiter }: PartsSource): NativeSource {
  const child: NativeElement = {
    name: 'legacy-parts',
    ...(delimiter === '' ? {} : { attributes: [['delimiter', delimiter]] as const }),
    children: parts.map(partElement),
  };
  return { attributes: [], child };
}

function partElement({ source, text, postProcess, rule }: LegacyPart): NativeElement {
  return {
    name: 'part',
    attributes: [
      ['as', source],
      ...(postProcess === undefined ? [] : [['post-process', postProcess] as const]),
      ...(rule === undefined ? [] : [['rule', rule.value] as const]),
    ],
    text: text.value,
  };
}

/** Throws for a source that only coreBOS maps have. */
export function refuseSource({ name, source }: Parameter): never {
  throw new CannotConvert(`the field ${name} is a ${source.kind} value, which native maps do not have`);
}
