import { type TProperties, type TSchema, type TSchemaOptions, Type } from 'typebox';
import { refusedWith } from './problems.ts';
import { textKeyword } from './text.ts';

/** An object whose unknown fields are refused. */
export const Strict = <T extends TProperties>(properties: T, options: TSchemaOptions = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

export const Id = Type.String({ format: 'uuid', description: 'UUIDv7' });
/** An id in a body, in capitals or not; its normal form is the one that answers have. */
export const SentId = (options: TSchemaOptions = {}) =>
  Type.String({ format: 'uuid', description: 'UUIDv7', [textKeyword]: 'id', ...options });
export const Cents = (options: TSchemaOptions = {}) =>
  Type.Integer({ minimum: 0, maximum: 2_147_483_647, ...options });
export const Currency = Type.Literal('EUR');
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** `:id` in a path. Any text is accepted here: one that is not an id belongs to nothing and is answered 404. */
export const IdParams = Type.Object({ id: Type.String() });

export const listLimitDefault = 20;
export const ListQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: listLimitDefault })),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      ...refusedWith({ maxLength: 'invalid-cursor' }),
      description: 'From `nextCursor` of the page before',
    }),
  ),
};

export const List = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });

/** Optional on every POST and PATCH that creates or changes something; required to place an order. */
export const KeyedHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' }),
  ),
});
