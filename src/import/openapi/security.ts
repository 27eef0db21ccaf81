import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { DescribedCredential, DescribedParameter, WantedValue } from '../description/described-api.ts';
import { nameOfWords, oneLine } from '../description/naming.ts';
import { oauthCredential, openIdCredential } from './oauth-credential.ts';
import type { References } from './references.ts';
import { textOf, textsOf } from './shape.ts';

/** How the calls of one kind prove who makes them. */
export interface Login {
  /** Tells calls apart that log in differently; empty for those that do not. */
  readonly id: string;
  readonly credential: DescribedCredential | undefined;
  /** Keys that go along besides the credential. */
  readonly parameters: readonly DescribedParameter[];
  readonly wanted: readonly WantedValue[];
  readonly notes: readonly string[];
}

/** A credential, what it wants, and what is to be said about it. */
export interface MadeCredential {
  readonly credential: DescribedCredential;
  readonly wanted: readonly WantedValue[];
  readonly notes: readonly string[];
}

/** What the kinds of credentials are made of. */
export interface SchemeSource {
  /** Of the document. */
  readonly name: string;
  readonly label: string | undefined;
  readonly scheme: JsonObject;
  readonly scopes: readonly string[];
}

const NO_LOGIN: Login = { id: '', credential: undefined, parameters: [], wanted: [], notes: [] };

/** Reads security requirements; each way to log in is made once. */
export class SecurityReader {
  readonly #references: References;
  readonly #schemes: JsonObject;
  readonly #api: string;
  readonly #preferred: string | undefined;
  readonly #logins = new Map<string, Login>();
  readonly #scopes: ReadonlyMap<string, readonly string[]>;

  /**
   * @param requirements those of the operations that are taken, for the scopes that tokens need
   * @param preferred the scheme to take where there is a choice
   */
  constructor(params: {
    readonly references: References;
    readonly root: JsonObject;
    readonly api: string;
    readonly requirements: readonly Json[];
    readonly preferred: string | undefined;
  }) {
    const { references, root, api, requirements, preferred } = params;
    const components = references.object(root['components']) ?? {};
    this.#references = references;
    this.#schemes = isJsonObject(components['securitySchemes']) ? components['securitySchemes'] : {};
    this.#api = api;
    this.#preferred = preferred;
    this.#scopes = scopesOf(requirements);
  }

  /** The names of the schemes. */
  get names(): readonly string[] {
    return Object.keys(this.#schemes);
  }

  /** How an operation logs in: the preferred of its alternatives, else the first that can be made. */
  login(security: Json | undefined): Login {
    const alternatives = Array.isArray(security) ? (security as readonly Json[]).filter(isJsonObject) : [];
    const named = alternatives.filter((one) => Object.keys(one).length > 0);
    if (named.length === 0) return NO_LOGIN;
    const preferred = named.find((one) => this.#preferred !== undefined && Object.hasOwn(one, this.#preferred));
    const usable = preferred ?? named.find((one) => this.#make(one).credential !== undefined) ?? named[0];
    return usable === undefined ? NO_LOGIN : this.#make(usable);
  }

  #make(requirement: JsonObject): Login {
    const names = Object.keys(requirement);
    const id = names.join('+');
    const known = this.#logins.get(id);
    if (known !== undefined) return known;
    const made = names.map((name) => ({ name, made: this.#credential(name) }));
    const notes = made.flatMap(({ name, made: one }) =>
      typeof one === 'string' ? [`security ${name}: ${one}`] : one.notes,
    );
    const usable = made.flatMap(({ made: one }) => (typeof one === 'string' ? [] : [one]));
    // A service has one credential; keys that go along are sent as parameters. The one that is no plain key comes first.
    const main = usable.find(({ credential }) => credential.kind !== 'api-key') ?? usable[0];
    const others = usable.filter((one) => one !== main);
    const besides = made
      .filter(({ made: one }) => typeof one !== 'string' && others.includes(one))
      .map(({ name }) => this.#keyParameter(name));
    const login: Login = {
      id,
      credential: main?.credential,
      parameters: besides.flatMap(({ parameter }) => parameter ?? []),
      wanted: usable.flatMap((one) => one.wanted),
      notes: [...notes, ...besides.flatMap(({ note }) => note ?? [])],
    };
    this.#logins.set(id, login);
    return login;
  }

  #keyParameter(name: string): { readonly parameter?: DescribedParameter; readonly note?: string } {
    const scheme = this.#references.object(this.#schemes[name]) ?? {};
    const place = scheme['in'];
    const key = textOf(scheme['name']);
    if (
      scheme['type'] !== 'apiKey' ||
      key === undefined ||
      (place !== 'header' && place !== 'query' && place !== 'cookie')
    ) {
      return { note: `security ${name}: a service has one credential; this one is left out` };
    }
    return { parameter: { name: key, in: place, source: { secret: this.#name(name) } } };
  }

  #name(scheme: string): string {
    return `${this.#api}-${nameOfWords(scheme, 'login')}`;
  }

  /** A credential, or why there is none. */
  #credential(name: string): MadeCredential | string {
    const scheme = this.#references.object(this.#schemes[name]);
    if (scheme === undefined) return 'the description does not say what it is';
    const source: SchemeSource = {
      name: this.#name(name),
      label: oneLine(textOf(scheme['description']), 80),
      scheme,
      scopes: this.#scopes.get(name) ?? [],
    };
    switch (scheme['type']) {
      case 'apiKey':
        return keyCredential(source);
      case 'http':
        return httpCredential(source);
      case 'oauth2':
        return oauthCredential(source);
      case 'openIdConnect':
        return openIdCredential(source);
      case 'mutualTLS':
        return certificateCredential(source);
      default:
        return noCredentialFor('type', textOf(scheme['type']));
    }
  }
}

function keyCredential({ name, label, scheme }: SchemeSource): MadeCredential | string {
  const place = scheme['in'];
  const key = textOf(scheme['name']);
  if (key === undefined || (place !== 'header' && place !== 'query' && place !== 'cookie'))
    return 'it does not say where the key goes';
  const send = leaf('send', place === 'header' ? { header: key, prefix: '' } : { [place]: key });
  const parts = [leaf('key', { secret: name }), send];
  return {
    credential: { name, label, kind: 'api-key', parts },
    wanted: [secret(name, `the key sent as ${key}`)],
    notes: [],
  };
}

function httpCredential({ name, label, scheme }: SchemeSource): MadeCredential | string {
  const kind = textOf(scheme['scheme'])?.toLowerCase();
  if (kind === 'bearer') {
    const parts = [leaf('key', { secret: name })];
    return {
      credential: { name, label, kind: 'api-key', parts },
      wanted: [secret(name, 'the token sent as Authorization: Bearer')],
      notes: [],
    };
  }
  if (kind !== 'basic' && kind !== 'digest') return noCredentialFor('HTTP scheme', kind);
  const user = `${name.replaceAll(/[^A-Za-z0-9]/gu, '_')}_user`;
  return {
    credential: { name, label, kind, parts: [leaf('login', { user: `{setting.${user}}`, secret: name })] },
    wanted: [{ kind: 'setting', name: user, says: 'the name to log in with' }, secret(name, 'the password')],
    notes: [],
  };
}

function certificateCredential({ name, label }: SchemeSource): MadeCredential {
  const credential = { name, label, kind: 'client-certificate', parts: [leaf('certificate', { secret: name })] };
  return {
    credential,
    wanted: [secret(name, 'the client certificate with its key: PEM, or PKCS #12 in base64')],
    notes: [],
  };
}

function noCredentialFor(what: string, name: string | undefined): string {
  return name === undefined
    ? `it does not say of which ${what} it is`
    : `there is no credential for the ${what} ${name}`;
}

function secret(name: string, says: string): WantedValue {
  return { kind: 'secret', name, says };
}

/** An element without content. */
function leaf(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): DescribedCredential['parts'][number] {
  return { name, attributes, content: [] };
}

/** The scopes that the requirements name, by scheme. */
function scopesOf(requirements: readonly Json[]): ReadonlyMap<string, readonly string[]> {
  const scopes = new Map<string, Set<string>>();
  for (const alternatives of requirements) {
    for (const requirement of Array.isArray(alternatives) ? (alternatives as readonly Json[]) : []) {
      if (!isJsonObject(requirement)) continue;
      for (const [name, names] of Object.entries(requirement)) {
        const known = scopes.get(name) ?? new Set();
        for (const scope of textsOf(names)) known.add(scope);
        scopes.set(name, known);
      }
    }
  }
  return new Map([...scopes].map(([name, names]) => [name, [...names].toSorted()]));
}
