import { expect, it } from 'vitest';
import { readSettings } from './settings.ts';

it('gives what was read', () => {
  expect(readSettings(() => ({ port: 3000 }))).toEqual({ port: 3000 });
});

it('names the setting that is not valid, and nothing else', () => {
  const read = () => {
    throw Object.assign(new Error("env must have required property 'URL', env/LIMIT must be integer"), {
      errors: [{ keyword: 'type' }],
    });
  };
  const caught = (() => {
    try {
      return readSettings(read);
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
