import { isDateFormat } from './cell-values.ts';
import { brokenWorkbook, WorkbookError } from './errors.ts';
import { attributesOf, XmlScanner } from './xml-scanner.ts';
import type { Package } from './zip.ts';

export interface SheetPart {
  readonly name: string;
  readonly index: number;
  readonly hidden: boolean;
  readonly part: string;
}

/** What must be known of an xlsx before its sheets are read. */
export interface XlsxBook {
  readonly workbookPart: string;
  readonly relationsPart: string;
  readonly sheets: readonly SheetPart[];
  readonly date1904: boolean;
  readonly sharedStrings: string | null;
  readonly calcChain: string | null;
  /** By cell style number: whether numbers in it are days. */
  readonly dateStyles: readonly boolean[];
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

export async function openXlsxBook(pack: Package): Promise<XlsxBook> {
  const root = await relationsOf(pack, '');
  const workbookPart = [...root.values()].find((relation) => relation.type === 'officeDocument')?.target;
  if (workbookPart === undefined || !pack.has(workbookPart)) throw brokenWorkbook('в нём нет книги');
  if (workbookPart.toLowerCase().endsWith('.bin')) {
    throw new WorkbookError(
      'binary_excel',
      'Это двоичная книга Excel (.xlsb). Откройте её в Excel и сохраните в формате .xlsx.',
    );
  }
  const relations = await relationsOf(pack, workbookPart);
  const partOf = (type: string): string | null => {
    const target = [...relations.values()].find((relation) => relation.type === type)?.target;
    return target !== undefined && pack.has(target) ? target : null;
  };
  const styles = partOf('styles');
  return {
    workbookPart,
    relationsPart: relationsPartOf(workbookPart),
    ...(await readWorkbookPart(pack, workbookPart, relations)),
    sharedStrings: partOf('sharedStrings'),
    calcChain: partOf('calcChain'),
    dateStyles: styles === null ? [] : await readDateStyles(pack, styles),
  };
}

const relationsPartOf = (part: string): string => {
  const slash = part.lastIndexOf('/') + 1;
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
};

/** Relations of a part by id. Types are told by their last word, which is the same in the transitional and the strict form. */
async function relationsOf(pack: Package, part: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>();
  const name = relationsPartOf(part);
  if (!pack.has(name)) throw brokenWorkbook('в нём нет описания частей');
  await scanTags(pack, name, (tag, attributes) => {
    if (tag !== 'Relationship' || attributes.TargetMode === 'External') return;
    const type = (attributes.Type ?? '').split('/').at(-1) ?? '';
    relations.set(attributes.Id ?? '', { type, target: resolvePart(part, attributes.Target ?? '') });
  });
  return relations;
}

/** Part names are relative to the part that refers to them, or absolute from the root of the package. */
export function resolvePart(from: string, target: string): string {
  const path = target.replace(/\\/g, '/');
  const base = path.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of path.split('/')) {
    if (step === '..') base.pop();
    else if (step !== '' && step !== '.') base.push(step);
  }
  return base.join('/');
}

async function readWorkbookPart(pack: Package, part: string, relations: Map<string, Relation>) {
  const sheets: SheetPart[] = [];
  let date1904 = false;
  let index = 0;
  await scanTags(pack, part, (tag, attributes) => {
    if (tag === 'workbookPr') date1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    if (tag !== 'sheet') return;
    const id = Object.entries(attributes).find(([name]) => name === 'id' || name.endsWith(':id'))?.[1];
    const relation = relations.get(id ?? '');
    // Chart and dialogue sheets take a place in the order, but hold no rows.
    if (relation?.type === 'worksheet' && pack.has(relation.target)) {
      const hidden = attributes.state === 'hidden' || attributes.state === 'veryHidden';
      sheets.push({ name: attributes.name ?? '', index, hidden, part: relation.target });
    }
    index += 1;
  });
  if (sheets.length === 0) throw brokenWorkbook('в нём нет ни одного листа с таблицей');
  return { sheets, date1904 };
}

async function readDateStyles(pack: Package, part: string): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let inCellStyles = false;
  await scanTags(
    pack,
    part,
    (tag, attributes) => {
      if (tag === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (tag === 'cellXfs') inCellStyles = true;
      if (tag === 'xf' && inCellStyles) {
        const id = Number(attributes.numFmtId ?? 0);
        styles.push(isDateFormat(id, codes.get(id)));
      }
    },
    (tag) => {
      if (tag === 'cellXfs') inCellStyles = false;
    },
  );
  return styles;
}

export async function scanTags(
  pack: Package,
  part: string,
  onOpen: (tag: string, attributes: Record<string, string>) => void,
  onClose?: (tag: string) => void,
): Promise<void> {
  const scanner = new XmlScanner({
    open: (name, source, _start, end, nameEnd) => onOpen(name, attributesOf(source, nameEnd, end)),
    close: (name) => onClose?.(name),
  });
  for await (const piece of pack.pieces(part)) scanner.write(piece);
  scanner.end();
}
