/** An operation of SOAP, as far as a map can use what its WSDL says. */
export interface DescribedOperation {
  readonly name: string;
  /** Where it is called. */
  readonly address: string;
  /** What is sent: the members of the only part, or the parts. */
  readonly input: readonly DescribedMember[];
  /** What is answered: the members of the only part, or the parts. Of a part that is one value: that value, without a name. */
  readonly output: readonly DescribedMember[];
}

/** An element or attribute of a message. */
export interface DescribedMember {
  readonly name: string;
  /** The type of a parameter; undefined for texts. */
  readonly type: string | undefined;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** Of an element with elements; empty for one that may hold anything. Undefined for a value. */
  readonly members: readonly DescribedMember[] | undefined;
}
