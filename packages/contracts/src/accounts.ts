import { type Static, Type } from 'typebox';
import { NotMerged } from './cart.ts';
import { Id, Strict, Timestamp } from './common.ts';
import { EmailAddress, Password, Text } from './text.ts';

export const Role = Type.Enum(['customer', 'admin']);
export type Role = Static<typeof Role>;

const Email = EmailAddress({ examples: ['ada@example.com'] });

export const RegisterBody = Strict({ email: Email, password: Password(8, 128), name: Text(1, 100) });
export type RegisterBody = Static<typeof RegisterBody>;

/** A password that no account can have is a wrong password, not a malformed one. */
export const LoginBody = Strict({ email: Email, password: Password(1, 128) });
export type LoginBody = Static<typeof LoginBody>;

export const User = Type.Object(
  { id: Id, email: Type.String(), name: Type.String(), role: Role, createdAt: Timestamp },
  { title: 'User' },
);
export type User = Static<typeof User>;

/** The answer to a login or a registration, which also moves the guest's cart into the customer's. */
export const LoggedIn = Type.Object(
  {
    ...User.properties,
    notMerged: Type.Array(NotMerged, {
      description: 'What of the guest’s cart the customer’s had no room for',
    }),
  },
  { title: 'LoggedIn' },
);
export type LoggedIn = Static<typeof LoggedIn>;
