import { DomovoyError } from '../errors.ts';

export type WorkbookErrorCode =
  | 'empty_file'
  | 'not_a_workbook'
  | 'old_excel'
  | 'binary_excel'
  | 'xml_spreadsheet'
  | 'encrypted'
  | 'broken'
  | 'broken_text'
  | 'limit_unpacked'
  | 'limit_rows'
  | 'limit_cells'
  | 'limit_sheets'
  | 'limit_text';

/** A file that cannot be read as a table. `sentence` says in Russian what to do with it. */
export class WorkbookError extends DomovoyError {
  readonly status = 422;
  readonly code: WorkbookErrorCode;
  constructor(code: WorkbookErrorCode, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}

export const brokenWorkbook = (detail: string, cause?: unknown): WorkbookError =>
  new WorkbookError(
    'broken',
    `Файл повреждён: ${detail}. Откройте его в Excel или LibreOffice, сохраните заново в формате .xlsx и загрузите ещё раз.`,
    cause === undefined ? undefined : { cause },
  );
