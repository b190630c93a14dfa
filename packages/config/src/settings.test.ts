import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { readSecret, readSettings } from './settings.ts';

const schema = Type.Object({
  URL: Type.String(),
  LIMIT: Type.Integer({ default: 10 }),
});

it('reads texts as the types that the schema names', () => {
  expect(readSettings(schema, { URL: 'http://a', LIMIT: '20' })).toMatchObject({
    URL: 'http://a',
    LIMIT: 20,
  });
  expect(readSettings(schema, { URL: 'http://a' })).toMatchObject({ LIMIT: 10 });
});

it('names every setting that is not valid, and nothing else', () => {
  const caught = (() => {
    try {
      return readSettings(schema, { LIMIT: 'many' });
    } catch (error) {
      return error as Error;
    }
  })() as Error;
  expect(caught.message).toBe("must have required property 'URL', LIMIT must be integer");
  expect(caught.stack).toBe(
    "Settings are not valid: must have required property 'URL', LIMIT must be integer",
  );
  expect(Object.keys(caught)).toEqual([]);
});

it('reads a secret without the line break of its file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'password');
  writeFileSync(file, 'word\n');
  expect(readSecret(file)).toBe('word');
});
