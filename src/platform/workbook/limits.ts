import { WorkbookError } from './errors.ts';
import type { WorkbookLimits } from './types.ts';

const count = new Intl.NumberFormat('ru-RU');

/** Counts what one file has used up of its limits; every format counts through it. */
export class LimitGuard {
  readonly limits: WorkbookLimits;
  #rows = 0;
  constructor(limits: WorkbookLimits) {
    this.limits = limits;
  }

  unpacked(bytes: number): void {
    if (bytes <= this.limits.unpackedBytes) return;
    const megabytes = count.format(Math.round(this.limits.unpackedBytes / 1024 / 1024));
    throw new WorkbookError(
      'limit_unpacked',
      `В распакованном виде файл больше ${megabytes} МБ. Разделите его на несколько файлов и загрузите по одному.`,
    );
  }

  sheets(sheets: number): void {
    if (sheets <= this.limits.sheets) return;
    throw new WorkbookError(
      'limit_sheets',
      `В файле больше ${count.format(this.limits.sheets)} листов. Оставьте только листы с данными и загрузите файл ещё раз.`,
    );
  }

  row(): void {
    this.#rows += 1;
    if (this.#rows <= this.limits.rows) return;
    throw new WorkbookError(
      'limit_rows',
      `В файле больше ${count.format(this.limits.rows)} заполненных строк. Разделите его на несколько файлов и загрузите по одному.`,
    );
  }

  /** @param columns how many columns the row reaches, counting from A */
  cells(columns: number, sheet: string, row: number): void {
    if (columns <= this.limits.cellsPerRow) return;
    throw new WorkbookError(
      'limit_cells',
      `На листе «${sheet}» в строке ${row} больше ${count.format(this.limits.cellsPerRow)} столбцов. Удалите лишние столбцы справа и загрузите файл ещё раз.`,
    );
  }

  text(length: number): void {
    if (length <= this.limits.cellText) return;
    throw new WorkbookError(
      'limit_text',
      `В одной из ячеек больше ${count.format(this.limits.cellText)} знаков. Сократите текст и загрузите файл ещё раз.`,
    );
  }
}
