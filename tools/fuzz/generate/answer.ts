import { Grammar } from './grammar.ts';
import { HOSTILE_TEXTS, hostileText, randomText } from './hostile-text.ts';
import { Mutator } from './mutation.ts';
import type { Random } from './random.ts';

/** An answer, and the place of the map that reads it among the maps. */
export interface AnswerInput {
  readonly map: number;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** In base64. */
  readonly body: string;
}

const STATUSES = [
  ...Array.from({ length: 20 }, () => 200),
  201,
  204,
  301,
  302,
  400,
  401,
  404,
  409,
  422,
  429,
  500,
  503,
  599,
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-16LE"',
  'text/xml; charset=iso-8859-1',
  'application/xml',
  'text/html; charset=nonsense',
  'text/plain; charset=',
  'application/octet-stream; charset=utf-7',
  '',
];
const ENCODINGS = ['utf8', 'utf8', 'utf8', 'utf8', 'utf16le', 'latin1'] as const;

const GRAMMAR = new Grammar(
  {
    body: ['«object»', '«object»', '«object»', '«xml»', '«xml»', '«value»'],
    object: [
      '{"success":true,"result":{"id":«value»},"list":[«list»]}',
      '{"success":false,"error":{"code":«value»,"message":«value»}}',
      '{"result":«value»,"list":«value»,"error-code":«value»,"a.b":«value»}',
      '{"result":{"id":«value»},"result":{"id":«value»},"__proto__":«value»}',
      '[«object»]',
      '"{\\"result\\":{\\"id\\":1}}"',
    ],
    list: ['{"id":«value»}', '«value»', '{"id":«value»},«list»'],
    value: [
      'null',
      'true',
      'false',
      '«number»',
      '"«text»"',
      '[]',
      '{}',
      '{"id":«value»}',
      '[«value»,«value»]',
      '«number»',
    ],
    number: ['0', '-1', '1.50', '9007199254740993', '1e400', '-0', '12345678901234567890123', '1e-9'],
    xml: [
      '<r><result><id>«text»</id></result><list><id>«number»</id></list></r>',
      '<?xml version="1.0" encoding="utf-8"?><r a="«text»"><v>«text»</v>«xml-list»</r>',
      '<e:r xmlns:e="urn:x"><e:result id="1">«text»</e:result></e:r>',
      '<html><body><p>Sign in<br></body></html>',
    ],
    'xml-list': ['<list/>', '<list><id>1</id></list>«xml-list»'],
  },
  (random, rule) => {
    if (rule !== 'text') return undefined;
    const text = random.oneIn(4) ? hostileText(random) : random.pick(['14x7', 'Bolt', '2026-03-01']);
    return JSON.stringify(text).slice(1, -1);
  },
);

const mutator = new Mutator({
  texts: [
    '{"success":true,"result":{"id":"14x7","productname":"Bolt \\"M8\\""},"moreinfo":null}',
    '{"success":false,"error":{"message":"Authentication required","code":"AUTHENTICATION_REQUIRED"},"moreinfo":null}',
    '{"result":{"id":[1,2,3]},"list":[{"id":1},{"id":2}],"error-code":"7","a.b":{"c":1}}',
    '<?xml version="1.0"?><r><result><id>14x7</id></result><list><id>1</id></list><!-- a --><![CDATA[x]]></r>',
    '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
    'id=14x7&success=1',
  ],
  words: ['result', 'id', 'list', 'success', 'error', 'code', 'null', 'true', '__proto__', ...HOSTILE_TEXTS],
  brackets: [
    ['[', ']'],
    ['{"result":', '}'],
    ['<r>', '</r>'],
    ['"', '"'],
    ['\\', ''],
  ],
});

/** An answer such as servers, proxies and broken servers give. */
export function answerInput(random: Random): AnswerInput {
  const text = random.weighted([
    [1, randomText],
    [4, (one: Random) => mutator.mutated(one)],
    [5, (one: Random) => GRAMMAR.expand(one, 'body', 25)],
  ])(random);
  const bytes = Buffer.from(text, random.pick(ENCODINGS));
  if (random.oneIn(10) && bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
  return {
    map: random.below(60),
    status: random.pick(STATUSES),
    headers: [
      ['content-type', random.pick(TYPES)],
      ...(random.oneIn(6) ? ([['location', hostileText(random)]] as const) : []),
      ...(random.oneIn(10)
        ? ([
            ['set-cookie', 'a=b'],
            ['set-cookie', hostileText(random)],
            ['__proto__', 'x'],
          ] as const)
        : []),
    ],
    body: bytes.toString('base64'),
  };
}
