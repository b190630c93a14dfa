import { describe, expect, it } from 'vitest';
import { isTransient, sqlState } from './errors.ts';

const wrapped = (properties: object) =>
  new Error('Failed query', { cause: Object.assign(new Error('cause'), properties) });
const fromServer = (code: string) => wrapped({ code, severity: 'ERROR' });

describe('sqlState', () => {
  it('reads the state of a server error, also inside a wrapper', () => {
    expect(sqlState(fromServer('55P03'))).toBe('55P03');
  });

  it('takes no system error for one', () => {
    expect(sqlState(wrapped({ code: 'EPIPE' }))).toBeUndefined();
  });
});

describe('isTransient', () => {
  it.each(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'EAI_AGAIN'])('is true for %s', (code) => {
    expect(isTransient(wrapped({ code }))).toBe(true);
  });

  it.each(['08P01', '25006', '40P01', '57P01'])('is true for SQLSTATE %s', (code) => {
    expect(isTransient(fromServer(code))).toBe(true);
  });

  // As pg and pg-pool say it: connecting took too long, no connection became free, the server fell silent.
  it.each(['timeout expired', 'timeout exceeded when trying to connect', 'Query read timeout'])(
    'is true for "%s"',
    (message) => {
      expect(isTransient(new Error('Failed query', { cause: new Error(message) }))).toBe(true);
    },
  );

  it.each(['23505', '55P03', '22003'])('is false for SQLSTATE %s', (code) => {
    expect(isTransient(fromServer(code))).toBe(false);
  });
});
