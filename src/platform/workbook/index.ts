export { type AnnotateOptions, annotateWorkbook } from './annotate-workbook.ts';
export { WorkbookError, type WorkbookErrorCode } from './errors.ts';
export type { HeadingPath } from './header-block.ts';
export { type ColumnLayout, type SheetLayout, STATUS_HEADING, type WorkbookLayout } from './layout.ts';
export type { MatchTier } from './match-columns.ts';
export {
  type HeadingMatch,
  type HeadingPlace,
  type HeadingQuery,
  matchHeadings,
  matchSheets,
  pathKey,
} from './match-headings.ts';
export type { RowNote } from './notes.ts';
export { readWorkbook } from './read-workbook.ts';
export * from './types.ts';
export { type TemplateOptions, writeTemplate } from './write-template.ts';
export { type ExportCell, type ExportRow, type ExportSheet, writeWorkbook } from './write-workbook.ts';
