import { freeName } from '../../core/document-name.ts';
import { element, type WrittenNode, writeXml } from '../../xml/write.ts';
import type { DescribedCredential, DescribedService, WantedValue } from '../description/described-api.ts';
import { keyOf, nameOfWords } from '../description/naming.ts';
import type { ConcreteAuth } from './concrete-request.ts';
import { credentialParts } from './credential-parts.ts';
import { type Placeholders, templateOf } from './variable-text.ts';

/** The services and credentials that requests need, each written once, and what the install has to be given for them. */
export class ServiceBook {
  readonly name: string;
  readonly services: DescribedService[] = [];
  readonly credentials: DescribedCredential[] = [];
  readonly wanted: WantedValue[] = [];
  readonly #label: string | undefined;
  readonly #proposals: ReadonlyMap<string, string>;
  readonly #names = new Set<string>();
  readonly #known = new Map<string, string>();
  readonly #credentialNames = new Map<string, string>();

  /** @param proposals what the variables are known to be, for settings to begin with */
  constructor(params: {
    readonly name: string;
    readonly label?: string | undefined;
    readonly proposals?: ReadonlyMap<string, string>;
  }) {
    this.name = params.name;
    this.#label = params.label;
    this.#proposals = params.proposals ?? new Map();
  }

  /** The service at that origin with that login. */
  service(origin: string, how: { readonly auth: ConcreteAuth; readonly parts: readonly WrittenNode[] }): string {
    const url = templateOf(origin, this.setting);
    const credential = how.auth.kind === 'none' ? undefined : this.#credential(how.auth);
    const key = JSON.stringify([url, credential, how.parts]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = freeName(this.name, this.#names);
    this.#known.set(key, name);
    this.services.push({ name, label: this.#label, url, credential, parts: how.parts });
    return name;
  }

  /** A placeholder for a variable that the install keeps. */
  readonly setting: Placeholders = (variable) => {
    const name = keyOf(`${this.name}_${variable}`);
    this.want({ kind: 'setting', name, says: `what was called ${variable}`, proposed: this.#proposals.get(variable) });
    return `setting.${name}`;
  };

  /** The name of a secret to be stored. */
  secret(what: string, says: string): string {
    const name = nameOfWords(`${this.name} ${what}`, this.name);
    this.want({ kind: 'secret', name, says });
    return name;
  }

  want(value: WantedValue): void {
    if (!this.wanted.some((one) => one.kind === value.kind && one.name === value.name)) this.wanted.push(value);
  }

  #credential(auth: ConcreteAuth): string {
    const made = credentialParts(auth, {
      text: (text) => templateOf(text, this.setting),
      secret: (what, says) => this.secret(what, says),
      setting: (what, says) => {
        const name = keyOf(`${this.name}_${what}`);
        this.want({ kind: 'setting', name, says });
        return `{setting.${name}}`;
      },
    });
    const key = writeXml(element('credential', { kind: made.kind }, made.parts));
    const known = this.#credentialNames.get(key);
    if (known !== undefined) return known;
    const name = freeName(this.name, new Set(this.credentials.map((one) => one.name)));
    this.#credentialNames.set(key, name);
    this.credentials.push({ name, label: this.#label, ...made });
    return name;
  }
}
