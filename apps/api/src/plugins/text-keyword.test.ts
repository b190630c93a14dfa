import { Strict } from '@shop/contracts/common.ts';
import { EmailAddress, Password, Text } from '@shop/contracts/text.ts';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { addTextKeyword } from './text-keyword.ts';

const ajv = addTextKeyword(addFormats.default(new Ajv({ strict: false })));
const Body = Strict({
  email: EmailAddress(),
  password: Password(8, 128),
  name: Text(1, 3),
  lines: Type.Optional(Type.Array(Strict({ name: Text(0, 3) }))),
});
const validate = ajv.compile(Body);
const body = { email: 'ada@example.com', password: '12345678', name: 'Ada' };
const refusal = (change: object) => {
  if (validate({ ...body, ...change })) return null;
  const [error] = validate.errors ?? [];
  return [error?.instancePath, error?.message];
};

describe('the keyword of texts', () => {
  it('replaces a text by its normal form, at any depth', () => {
    const sent = {
      email: ' ADA@Example.com',
      password: ' u\u0308u\u0308u\u0308u\u0308\u00a0\u00a0 ',
      name: ' A\u030ada ',
      lines: [{ name: ' o\u0308\u0323 ' }],
    };
    expect(validate(sent)).toBe(true);
    expect(sent).toEqual({
      email: 'ada@example.com',
      password: ' üüüü   ',
      name: 'Åda',
      lines: [{ name: 'ọ̈' }],
    });
  });

  it.each([
    ['four code points', { name: '🫖🫖🫖🫖' }, ['/name', 'must NOT have more than 3 characters']],
    ['blank', { name: ' \u200b ' }, ['/name', 'must NOT have fewer than 1 characters']],
    ['a line break', { name: 'A\nb' }, ['/name', 'must be a single line']],
    [
      'seven characters, composed',
      { password: 'u\u03081234567'.slice(0, 8) },
      ['/password', 'must NOT have fewer than 8 characters'],
    ],
    ['no string', { name: 1 }, ['/name', 'must be string']],
  ])('judges the normal form: %s', (_case, change, expected) => {
    expect(refusal(change)).toEqual(expected);
  });

  it('counts code points: three that take six units fit', () => {
    expect(refusal({ name: '🫖🫖🫖' })).toBeNull();
  });
});
