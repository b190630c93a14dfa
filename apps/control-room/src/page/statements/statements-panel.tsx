import { useState } from 'react';
import type { Statement, Statements } from '../../shared/statements.ts';
import { amount } from '../charts/words.ts';
import { TableHead } from '../table-head.tsx';
import { usePolled } from '../use-polled.ts';
import { StatementDialog } from './statement-dialog.tsx';
import { countedWords, oneLine, percent } from './words.ts';

/** The server asks the nodes every 10 s. */
const pauseMs = 5_000;

/** The statements that took Postgres longest in the last minutes; a click shows the plan of one. */
export function StatementsPanel() {
  const news = usePolled<Statements>('/statements', pauseMs);
  const [chosen, choose] = useState<Statement>();
  if (!news) return <p className="text-muted">Asking Postgres…</p>;
  if ('silent' in news) return <p role="status">{news.silent}: no statement is known now.</p>;
  return (
    <>
      <p className="mb-3 text-sm text-muted">{countedWords(news)}</p>
      {news.slowest.length > 0 && (
        <div className="panel overflow-hidden">
          <StatementTable statements={news.slowest} onChoose={choose} />
        </div>
      )}
      {chosen && <StatementDialog statement={chosen} onClose={() => choose(undefined)} />}
    </>
  );
}

type TableProps = { statements: Statement[]; onChoose: (statement: Statement) => void };

const columns = [
  { title: 'Statement' },
  { title: 'Node', className: 'wide-only' },
  { title: 'Time', className: 'number' },
  { title: 'Mean, ms', className: 'number' },
  { title: 'Calls', className: 'number wide-only' },
  { title: 'Rows', className: 'number wide-only' },
];

function StatementTable({ statements, onChoose }: TableProps) {
  return (
    <table className="table statements">
      <caption className="sr-only">The slowest statements, the largest total time first</caption>
      <TableHead columns={columns} />
      <tbody>
        {statements.map((statement) => {
          const { id, node, text, calls, rows, meanMs, share } = statement;
          return (
            <tr key={id}>
              <th scope="row">
                <button
                  type="button"
                  className="statement"
                  aria-haspopup="dialog"
                  onClick={() => onChoose(statement)}
                >
                  {oneLine(text)}
                </button>
              </th>
              <td className="wide-only">{node}</td>
              <td className="number">{percent(share)}</td>
              <td className="number">{amount(meanMs)}</td>
              <td className="number wide-only">{amount(calls)}</td>
              <td className="number wide-only">{amount(rows)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
