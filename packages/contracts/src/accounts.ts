import { type Static, Type } from 'typebox';
import { Id, Strict, Text, Timestamp } from './common.ts';

export const Role = Type.Enum(['customer', 'admin']);
export type Role = Static<typeof Role>;

/** Kept and answered in lower case. */
const Email = Type.String({ format: 'email', maxLength: 254, examples: ['ada@example.com'] });

export const RegisterBody = Strict({ email: Email, password: Text(8, 128), name: Text(1, 100) });
export type RegisterBody = Static<typeof RegisterBody>;

/** A password that could never have been chosen is a wrong one, not a malformed one. */
export const LoginBody = Strict({ email: Email, password: Text(1, 128) });
export type LoginBody = Static<typeof LoginBody>;

export const User = Type.Object(
  { id: Id, email: Type.String(), name: Type.String(), role: Role, createdAt: Timestamp },
  { title: 'User' },
);
export type User = Static<typeof User>;
