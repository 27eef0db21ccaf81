import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspectPicture, MAX_PICTURE_BYTES } from '../../src/document/picture.ts';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const svg = (inside: string, attributes = ''): string =>
  base64(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"${attributes}>${inside}</svg>`,
  );
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);

describe('a picture', () => {
  it('may be a png, or an svg of shapes that refer to one another', () => {
    assert.equal(inspectPicture(base64(PNG)).type, 'image/png');
    const shapes =
      '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs><style>.b { fill: url(#a) }</style>' +
      '<path d="M0 0" fill="url(#a)"/><use xlink:href="#c"/><g id="c"/>';
    assert.equal(inspectPicture(svg(shapes)).type, 'image/svg+xml');
  });

  const refused: Readonly<Record<string, string>> = {
    nothing: '',
    'no base64': '<svg/>',
    'another format': base64('GIF89a'),
    'an svg in another encoding': base64(
      '<?xml version="1.0" encoding="iso-8859-1"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ),
    'an svg that is no UTF-8': base64(
      Buffer.from([
        ...Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><title>'),
        0x81,
        ...Buffer.from('</title></svg>'),
      ]),
    ),
    html: base64('<html xmlns="http://www.w3.org/1999/xhtml"/>'),
    'a script': svg('<script>alert(1)</script>'),
    'a script of html': svg('<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
    'an event handler': svg('', ' onload="alert(1)"'),
    'html inside': svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'),
    'a picture from elsewhere': svg('<image xlink:href="https://evil.test/x.png"/>'),
    'a reference to elsewhere': svg('<use xlink:href="https://evil.test/x.svg#a"/>'),
    'a link': svg('<a href="javascript:alert(1)"><path d="M0 0"/></a>'),
    'something that changes later': svg(
      '<use xlink:href="#a"><set attributeName="href" to="https://evil.test"/></use>',
    ),
    'a style from elsewhere': svg('<style>@import "https://evil.test/x.css";</style>'),
    'a fill from elsewhere': svg('<path fill="url(https://evil.test/x)"/>'),
    'a fill in disguise': svg('<path style="fill: u\\72l(https://evil.test/x)"/>'),
    'a style sheet': base64(
      '<?xml-stylesheet href="https://evil.test/x.css"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ),
    'entities of its own': base64('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>'),
    'too much': base64(Buffer.concat([PNG, Buffer.alloc(MAX_PICTURE_BYTES)])),
  };
  for (const [what, picture] of Object.entries(refused)) {
    it(`is refused: ${what}`, () => assert.equal(inspectPicture(picture).type, undefined));
  }
});
