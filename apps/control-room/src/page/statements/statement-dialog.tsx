import { useEffect, useRef, useState } from 'react';
import type { Plan, Statement } from '../../shared/statements.ts';
import { Code } from '../code.tsx';
import { Dialog } from '../dialog.tsx';
import { inWords } from './words.ts';

type Props = { statement: Statement; onClose: () => void };

/** A statement in full, and how Postgres would run it. */
export function StatementDialog({ statement, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const { id, node, text } = statement;
  return (
    <Dialog
      ref={dialog}
      title={`Statement on ${node}`}
      says={inWords(statement)}
      className="statement-dialog"
      onClose={onClose}
    >
      <Code label="Statement">{text.trim()}</Code>
      <h3 className="mt-4 text-lg">Plan</h3>
      <PlanOf id={id} />
    </Dialog>
  );
}

function PlanOf({ id }: { id: string }) {
  const [answer, setAnswer] = useState<Plan>();
  useEffect(() => {
    const end = new AbortController();
    askForPlan(id, end.signal).then(
      setAnswer,
      ({ message }: Error) => !end.signal.aborted && setAnswer({ none: message }),
    );
    return () => end.abort();
  }, [id]);
  if (!answer) return <p role="status">Asking Postgres…</p>;
  if ('none' in answer) return <p role="status">{answer.none}</p>;
  return (
    <>
      <p className="mb-2 text-sm text-muted">
        For any values, with what Postgres expects: it has not run the statement for this.
      </p>
      <Code label="Plan">{answer.plan}</Code>
    </>
  );
}

async function askForPlan(id: string, signal: AbortSignal): Promise<Plan> {
  const answer = await fetch(`/statements/${id}/plan`, { signal });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}
