import { readFile } from 'node:fs/promises';
import { CartChangeHeaders } from '@shop/contracts/cart.ts';
import { IdParams, ListQuery } from '@shop/contracts/common.ts';
import { CreateUploadBody } from '@shop/contracts/uploads.ts';
import { maxUploadBytes, pictureTypes } from '@shop/contracts/values.ts';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { refusalResponses, refusalsOf } from './documented-refusals.ts';

const handler = () => {};

test('what a route may refuse with follows from its method, its schema, its guards and its own list', () => {
  const list = {
    method: 'GET',
    url: '/api/things',
    handler,
    schema: { querystring: Type.Object(ListQuery) },
  };
  expect(refusalsOf(list, false)).toEqual(expect.arrayContaining(['validation-failed', 'invalid-cursor']));
  expect(refusalsOf(list, false)).not.toEqual(expect.arrayContaining(['cross-origin']));
  const change = {
    method: 'PUT',
    url: '/api/admin/things/:id',
    handler,
    config: { refusals: ['slug-taken' as const] },
    schema: { params: IdParams, headers: CartChangeHeaders, body: CreateUploadBody },
  };
  expect(refusalsOf(change, true).sort()).toEqual(
    [
      ...[
        'access-token-expired',
        'access-token-invalid',
        'body-too-large',
        'cart-changed',
        'cross-origin',
        'deadline-exceeded',
        'idempotency-key-invalid',
      ],
      ...['idempotency-key-reused', 'invalid-header', 'invalid-json', 'not-admin', 'not-authenticated'],
      ...['not-found', 'overloaded', 'rate-limited', 'request-in-progress', 'session-ended', 'slug-taken'],
      ...['unavailable', 'unsupported-media-type', 'validation-failed'],
    ].sort(),
  );
  expect(refusalsOf({ ...change, config: { ignoresKey: true } }, true)).not.toContain('request-in-progress');
});

test('each status is listed once, with its codes', () => {
  const responses = refusalResponses(['rate-limited', 'not-found', 'overloaded', 'not-found']);
  expect(Object.keys(responses)).toEqual(['404', '429']);
  expect(responses[429]?.description).toMatch(/^`rate-limited`: .*; `overloaded`: /);
});

test('the document names every status of a refusal, and what an upload may be', async () => {
  const file = new URL('../../openapi.json', import.meta.url);
  const { paths } = JSON.parse(await readFile(file, 'utf8'));
  const operations = Object.values<Record<string, { responses: object }>>(paths).flatMap(Object.values);
  expect(operations.length).toBeGreaterThan(30);
  for (const { responses } of operations) expect(responses).not.toHaveProperty('default');
  const { post } = paths['/api/uploads'];
  expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['401', '403', '413', '415']));
  expect(post.requestBody.content['application/json'].schema.properties).toMatchObject({
    contentType: { enum: pictureTypes },
    sizeBytes: { minimum: 1, maximum: maxUploadBytes },
  });
});
