import type { LoggedIn, LoginBody, RegisterBody } from '@shop/contracts/accounts.ts';
import type { ReactNode } from 'react';
import { type Resolver, useForm } from 'react-hook-form';
import { isProblem } from '../api/client.ts';
import { PageMeta } from '../components/page-meta.tsx';
import { useSession } from '../session/use-session.ts';
import { FormError, TextField } from './field.tsx';
import { problemOnForm } from './problem-on-form.ts';

type Values = LoginBody & Partial<Pick<RegisterBody, 'name'>>;

type Props<V extends Values> = {
  title: string;
  heading: string;
  lead?: ReactNode;
  resolver: Resolver<V>;
  /** The fields, empty at first: with a name or without. */
  blank: V;
  passwordHint?: string;
  button: { idle: string; busy: string };
  send: (values: V) => Promise<LoggedIn>;
  /** The page that the person wanted. */
  from: string | undefined;
  /** The link to the other of the two pages. */
  children: ReactNode;
};

/** Logging in and registering have nearly the same fields, and lead to the same page. */
export function AccountForm<V extends Values>(props: Props<V>) {
  const { title, heading, lead, resolver, blank, passwordHint, button, send, from, children } = props;
  const { signedIn } = useSession();
  // For the form both are the same; the schema in the resolver says which fields count.
  const { register, handleSubmit, setError, formState } = useForm<Values>({
    resolver: resolver as unknown as Resolver<Values>,
    defaultValues: blank,
  });
  const { errors, isSubmitting } = formState;
  const isNew = blank.name !== undefined;
  const submit = handleSubmit(async (values) => {
    try {
      await signedIn(await send(values as V), from);
    } catch (error) {
      if (isProblem(error, 'email-taken'))
        setError('email', { message: 'This address has an account already.' });
      else problemOnForm(error, setError);
    }
  });
  return (
    <div className="page max-w-lg pt-14">
      <PageMeta title={title} />
      <h1 className="text-title">{heading}</h1>
      {lead && <p className="mt-2 text-muted text-pretty">{lead}</p>}
      <form onSubmit={submit} noValidate className="mt-8 grid gap-5">
        <FormError>{errors.root?.message}</FormError>
        {isNew && <TextField label="Name" autoComplete="name" error={errors.name} {...register('name')} />}
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          error={errors.email}
          {...register('email')}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          hint={passwordHint}
          error={errors.password}
          {...register('password')}
        />
        <button type="submit" className="button mt-2" disabled={isSubmitting}>
          {isSubmitting ? button.busy : button.idle}
        </button>
      </form>
      <p className="mt-8 text-muted">{children}</p>
    </div>
  );
}
