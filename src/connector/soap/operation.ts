import type { SchemaSet } from './schema-set.ts';
import type { QualifiedName } from './qualified-name.ts';

export type SoapVersion = '1.1' | '1.2';

/** One part of a message: an element of a schema, or a value of a type. */
export interface SoapPart {
  readonly name: string;
  readonly element: QualifiedName | undefined;
  readonly type: QualifiedName | undefined;
}

export interface SoapMessage {
  /** `encoded`: values say their types, as SOAP 1.1 section 5 has it. */
  readonly use: 'literal' | 'encoded';
  /** Of the element around the parts in the style `rpc`. */
  readonly namespace: string;
  readonly parts: readonly SoapPart[];
}

/** One operation of one port, as the WSDL binds it to SOAP over HTTP. */
export interface SoapOperation {
  readonly name: string;
  readonly version: SoapVersion;
  readonly address: string;
  readonly action: string;
  readonly style: 'document' | 'rpc';
  readonly input: SoapMessage;
  /** What the message may carry beside its body. */
  readonly headers: readonly SoapPart[];
  /** Undefined: it answers nothing. */
  readonly output: SoapMessage | undefined;
}

/** A service as its WSDL describes it. */
export interface SoapService {
  readonly schemas: SchemaSet;
  /** Each by its name, that of SOAP 1.1 where there are both versions. */
  readonly operations: ReadonlyMap<string, SoapOperation>;
}

/** Address and namespaces of each version. */
export const ENVELOPES: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};
