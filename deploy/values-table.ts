import { readFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { chart, defaultValues } from './render.ts';

type Schema = {
  description?: string;
  properties?: Record<string, Schema>;
  $ref?: string;
};

const begin = '<!-- values: written by `npm run chart` -->';
const end = '<!-- /values -->';

/**
 * The chart's README.md with a table of values that is made from the schema and values.yaml.
 *
 * @throws when the file has no marks for the table, or a value has no description.
 */
export function withValuesTable(readme: string): string {
  const [before, after] = [readme.split(begin)[0], readme.split(end)[1]];
  if (before === readme || after === undefined) throw new Error(`no ${begin} … ${end} in the text`);
  return `${before}${begin}\n${valuesTable()}\n${end}${after}`;
}

function valuesTable(): string {
  const schema: Schema & { definitions: Record<string, Schema> } = JSON.parse(
    readFileSync(`${chart}/values.schema.json`, 'utf8'),
  );
  const rows: string[][] = [];
  const walk = ({ $ref, ...own }: Schema, value: unknown, path: string) => {
    const { properties, description } = $ref ? schema.definitions[$ref.split('/').at(-1)!]! : own;
    const isDefaulted = value !== null && typeof value === 'object' && Object.keys(value).length > 0;
    if (properties && (isDefaulted || path === '')) {
      const values = value as Record<string, unknown>;
      for (const [key, inner] of Object.entries(properties))
        if (key in values) walk(inner, values[key], path ? `${path}.${key}` : key);
      return;
    }
    if (!description) throw new Error(`${path} has no description in values.schema.json`);
    rows.push([`\`${path}\``, `\`${JSON.stringify(value)}\``, description.replaceAll('|', '\\|')]);
  };
  walk(schema, defaultValues(), '');
  return markdownTable([['value', 'default', 'what it is'], ...rows], { alignDelimiters: false });
}
