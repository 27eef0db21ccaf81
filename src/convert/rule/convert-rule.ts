import type { ConditionExpression, RuleDocument } from '../../document/rule/rule.ts';
import { CannotConvert, type ConversionNote, type ConversionOptions, type KnownNames } from '../conversion.ts';
import type { NativeElement } from '../native-element.ts';
import { nativeNameFor } from '../native-name.ts';
import { convertConditionQuery } from './condition-query.ts';
import { convertDecisionTable } from './decision-table.ts';
import { RuleConversion } from './rule-conversion.ts';
import { expressionSource, templateSource } from './rule-source.ts';

type Content = Pick<NativeElement, 'attributes' | 'children' | 'text'>;

/** A coreBOS rule as a native one. Throws CannotConvert with the reason when it has to stay what it is. */
export function convertRule(
  rule: RuleDocument,
  known: KnownNames,
  options: ConversionOptions,
): { readonly element: NativeElement; readonly name: string; readonly notes: readonly ConversionNote[] } {
  const conversion = new RuleConversion(rule, known, options);
  const { attributes = [], ...content } = contentOf(conversion);
  const name = nativeName(conversion);
  const module = moduleAttribute(conversion, { name: 'rule', attributes, ...content });
  const element = {
    name: 'rule',
    attributes: [['xmlns', 'urn:mapwright:1'], ['name', name], ...module, ...attributes] as const,
    ...content,
  };
  return { element, name, notes: conversion.notes };
}

function contentOf(conversion: RuleConversion): Content {
  const { rule } = conversion;
  switch (rule.form) {
    case 'condition-expression':
      return convertExpression(conversion, rule);
    case 'condition-query':
      return convertConditionQuery(conversion, rule);
    case 'decision-table':
      if (rule.dialect === 'native') throw new CannotConvert('it is native already');
      return convertDecisionTable(conversion, rule);
  }
}

function convertExpression(conversion: RuleConversion, { source }: ConditionExpression): Content {
  if (source.kind === 'function') {
    throw new CannotConvert(
      'each parameter of its function is a field, a context value or a text, whichever there is when it is asked',
    );
  }
  if (source.kind === 'value') throw new CannotConvert('it is native already');
  const given = { conversion, at: 'rule', text: source.text };
  const { attributes, child, text } = source.kind === 'template' ? templateSource(given) : expressionSource(given);
  return {
    attributes,
    ...(child === undefined ? {} : { children: [child] }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The module that its fields were taken from, when it reads any. */
function moduleAttribute(conversion: RuleConversion, rule: NativeElement): readonly (readonly [string, string])[] {
  const { module } = conversion;
  if (module === undefined || !readsRecord(rule)) return [];
  const message = `it is asked about records of ${module.name}, as the documents that name it are; asked about values alone, a field that is not given is empty, where coreBOS takes its name for a text`;
  conversion.note('assumed', 'rule', message);
  return [['module', module.name]];
}

/** True when a source in it names a field of the record that it is asked about. */
function readsRecord({ name, attributes = [], children = [], text = '' }: NativeElement): boolean {
  const isOfFound = name === 'search' || name === 'condition';
  const isRead = attributes.some(([attribute, value]) => (attribute === 'field' ? !isOfFound : namesField(value)));
  return isRead || namesField(text) || children.some(readsRecord);
}

function namesField(text: string): boolean {
  return /record\.(?!id\b)/u.test(text);
}

function nativeName(conversion: RuleConversion): string {
  const { name } = conversion.rule;
  const renamed = nativeNameFor(name, 'rule');
  if (renamed === undefined) return name;
  conversion.note('changed', 'rule', `it is called ${renamed}: what names "${name}" has to be changed`);
  return renamed;
}
