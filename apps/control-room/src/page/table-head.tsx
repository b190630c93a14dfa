/** The titles of a table's columns; `className` is that of the column's cells. */
export function TableHead({ columns }: { columns: { title: string; className?: string }[] }) {
  return (
    <thead>
      <tr>
        {columns.map(({ title, className }) => (
          <th key={title} scope="col" className={className}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
