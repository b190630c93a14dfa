import { glob, readFile, writeFile } from 'node:fs/promises';
import { is } from 'drizzle-orm';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';

/**
 * `node packages/database/src/draw-schema.ts` draws the tables of src/schema into docs/schema.md;
 * with `--check` it writes nothing and fails when the committed picture is stale.
 */
const file = new URL('../../../docs/schema.md', import.meta.url);

const document = `# The schema

The tables of the shop's database, drawn from \`packages/database/src/schema/\` by \`npm run schema\`; what a table is for, its
file there says. PK: primary key, FK: points to another table, UK: unique. A line ends in a fork where a row of the other
table may have many. The payment provider has a database of its own, whose tables are in its app.

\`\`\`mermaid
erDiagram
${(await tables()).flatMap((table) => [...linesBetween(table), ...boxOf(table)]).join('\n')}
\`\`\`
`;

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8').catch(() => '')) !== document) {
    console.error('docs/schema.md is stale: run `npm run schema` and commit it');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, document);
}

/** Every table that a file of src/schema exports, by name. */
async function tables(): Promise<PgTable[]> {
  const found: PgTable[] = [];
  for await (const path of glob('*.ts', { cwd: new URL('schema/', import.meta.url) })) {
    const exported: Record<string, unknown> = await import(new URL(`schema/${path}`, import.meta.url).href);
    for (const value of Object.values(exported)) if (is(value, PgTable)) found.push(value);
  }
  return found.sort((a, b) => getTableConfig(a).name.localeCompare(getTableConfig(b).name));
}

function linesBetween(table: PgTable): string[] {
  const { name, foreignKeys } = getTableConfig(table);
  return foreignKeys.map((key) => {
    const { columns, foreignTable } = key.reference();
    const optional = columns.some((column) => !column.notNull);
    const label = columns.map((column) => toSnakeCase(column.name)).join(', ');
    return `  ${getTableConfig(foreignTable).name} ${optional ? '|o' : '||'}--o{ ${name} : "${label}"`;
  });
}

function boxOf(table: PgTable): string[] {
  const { name, columns, primaryKeys, foreignKeys, indexes, uniqueConstraints } = getTableConfig(table);
  const primary = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
  const foreign = new Set(foreignKeys.flatMap((key) => key.reference().columns.map((column) => column.name)));
  const uniqueAlone = new Set(
    [
      ...uniqueConstraints.map((constraint) => constraint.columns.map((column) => column.name)),
      ...indexes
        .filter((index) => index.config.unique && !index.config.where)
        .map((index) => index.config.columns.map((column) => ('name' in column ? column.name : undefined))),
    ].flatMap((names) => (names.length === 1 ? names : [])),
  );
  const rows = columns.map((column) => {
    const marks = [
      (column.primary || primary.has(column.name)) && 'PK',
      foreign.has(column.name) && 'FK',
      (column.isUnique || uniqueAlone.has(column.name)) && 'UK',
    ].filter(Boolean);
    const type = column.getSQLType().replaceAll(' ', '_');
    const mayBeNull = column.notNull || column.primary ? '' : ' "may be null"';
    return `    ${type} ${toSnakeCase(column.name)}${marks.length > 0 ? ` ${marks.join(', ')}` : ''}${mayBeNull}`;
  });
  return [`  ${name} {`, ...rows, '  }'];
}
