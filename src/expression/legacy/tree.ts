/** The operators of the legacy language. */
export type LegacyOperator = '+' | '-' | '*' | '/' | '==' | '!=' | '<=' | '>=' | '<' | '>';

/** A parsed legacy expression. Offsets count in the decoded text. */
export type LegacyNode =
  | { readonly kind: 'literal'; readonly value: string | number }
  | SymbolNode
  | RelatedNode
  | CallNode
  | BinaryNode
  | UnaryNode
  | ChoiceNode;

/** A field's name. */
export interface SymbolNode {
  readonly kind: 'symbol';
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** `a + b`; the place is that of the operator. */
export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: LegacyOperator;
  readonly left: LegacyNode;
  /** Everything that follows the operator. */
  readonly right: LegacyNode;
  readonly offset: number;
  readonly length: number;
  /** True when the operand on the right stands in brackets of its own, so that nothing surprises. */
  readonly rightBracketed: boolean;
}

/** The place is that of the sign. */
export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: LegacyNode;
  readonly offset: number;
  readonly length: number;
}

/** `if a then b else if c then d else e end` */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly cases: readonly { readonly when: LegacyNode; readonly then: LegacyNode }[];
  readonly otherwise: LegacyNode;
}

/** `$(account_id : (Accounts) accountname)` */
export interface RelatedNode {
  readonly kind: 'related';
  readonly field: string;
  readonly module: string;
  readonly target: string;
  readonly offset: number;
  readonly length: number;
}

/** `concat(a, b)`; the place is that of the name. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly LegacyNode[];
  readonly offset: number;
  readonly length: number;
}

/** The nodes directly below a node. */
export function childrenOf(node: LegacyNode): readonly LegacyNode[] {
  switch (node.kind) {
    case 'call':
      return node.arguments;
    case 'binary':
      return [node.left, node.right];
    case 'unary':
      return [node.operand];
    case 'choice':
      return [...node.cases.flatMap((branch) => [branch.when, branch.then]), node.otherwise];
    default:
      return [];
  }
}
