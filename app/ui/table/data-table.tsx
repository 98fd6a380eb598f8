import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface Column<Row> {
  /** Distinguishes the columns of a table. */
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the end, digit under digit. */
  align?: "end";
  /** The column that names the row: the first where none says so. */
  rowHeader?: boolean;
}

export interface DataTableProps<Row> {
  /** What the table lists; read by screen readers, seen only with `showCaption`. */
  caption: string;
  showCaption?: boolean;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** In place of the table when there are no rows: an `EmptyState`, or the default line. */
  empty?: ReactNode;
}

/** A list with columns; on a narrow screen each row turns into a card with labelled lines. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, showCaption = false, columns, rows, rowKey, empty } = props;
  const { t } = useTranslation();
  if (rows.length === 0) return empty ?? <p className="text-muted">{t("common.table.empty")}</p>;

  const heading = columns.find((column) => column.rowHeader) ?? columns[0];
  return (
    // A group and no region: the section around the table may have the same name.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls.
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls a wide table only while it has focus.
      tabIndex={0}
      aria-label={caption}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      <table className="data-table">
        <caption className={showCaption ? "px-4 pt-3 text-start font-semibold" : "sr-only"}>
          {caption}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.align && "align-end"}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) =>
                column === heading ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} data-label={column.header} className={column.align && "align-end"}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
