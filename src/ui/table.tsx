import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  key: string;
  title: string;
  /** What stands in the cell. */
  cell: (row: Row) => ComponentChildren;
  /** Numbers stand at the end of the cell, figures of one width. */
  numeric?: boolean;
  /** Whole sentences: on a phone they stand under their label, from edge to edge. */
  prose?: boolean;
  /** The column that names its row (a heading for screen readers, the title of the card on a phone). At most one. */
  heading?: boolean;
  /** The sum under the column. */
  total?: ComponentChildren;
}

interface TableProps<Row> {
  caption: string;
  /** The caption is read aloud only: a heading above says the same. */
  captionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Stands instead of the table when there are no rows: an `EmptyState`. */
  empty?: ComponentChildren;
}

const alignment = (numeric: boolean | undefined) => (numeric ? 'numeric' : undefined);

/** Columns are data. Under 640 px each row is a card that names its values. */
export function Table<Row>({ caption, captionHidden, columns, rows, rowKey, empty }: TableProps<Row>) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  const hasTotals = columns.some((column) => column.total !== undefined);
  return (
    <table class="table">
      <caption class={captionHidden ? 'visually-hidden' : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" class={alignment(column.numeric)}>
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <Cell key={column.key} column={column}>
                {column.cell(row)}
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
      {hasTotals && (
        <tfoot>
          <tr>
            {columns.map((column) => (
              <Cell key={column.key} column={{ ...column, heading: Boolean(column.heading && column.total) }}>
                {column.total}
              </Cell>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Cell<Row>({ column, children }: { column: Column<Row>; children: ComponentChildren }) {
  if (column.heading) {
    return (
      <th scope="row" class={alignment(column.numeric)}>
        {children}
      </th>
    );
  }
  return (
    <td class={column.prose ? 'prose' : alignment(column.numeric)} data-label={column.title}>
      {children}
    </td>
  );
}
