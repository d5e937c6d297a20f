import type { Db } from '../../platform/database/database.ts';
import { type SheetLayout, writeTemplate } from '../../platform/workbook/index.ts';
import { listItems } from '../classifiers/index.ts';
import { readLists } from './entries.ts';
import { kinds } from './kinds/index.ts';
import type { UploadKind } from './upload.ts';

/** What a clerk must know before filling a template, in short sentences. The page of a new upload says the same. */
export const INSTRUCTIONS: Readonly<Record<UploadKind, readonly string[]>> = {
  organisation: [
    'Одна строка на листе «Организация»: карточка вашей организации. ОГРН должен совпадать с вашим.',
    'На листе «Банковские реквизиты» каждый счёт в своей строке. Новый счёт добавляется, прежние остаются: по ним выставлены старые квитанции.',
    'Пустая ячейка убирает значение из карточки. Лишние столбцы можно удалить: тогда эти сведения не изменятся.',
  ],
  houses: [
    'Лист «Характеристики МКД»: каждый дом в своей строке. Дом находится по GUID ФИАС, а без него по адресу.',
    'На остальных листах строка находит свой дом по адресу: пишите его так же, как на первом листе.',
    'Можно загрузить только часть листов: чего в файле нет, то не изменится.',
  ],
  accounts: [
    'Лист «Основные сведения»: каждый лицевой счёт в своей строке под своим номером записи.',
    'На листе «Помещения» укажите помещения счёта под тем же номером записи. Помещений может быть несколько, у каждого своя доля внесения платы.',
    'ЕЛС и идентификатор ЖКУ оставьте пустыми, если их нет: Домовой выдаст их и впишет в файл ответа.',
    'Счёт находится по идентификатору ЖКУ или по номеру ЛС: повторная загрузка изменит его, а не заведёт второй.',
  ],
  bills: [
    'Лист «Разделы 1-2»: каждый платёжный документ в своей строке. Счёт находится по идентификатору ЖКУ, ЕЛС или вашему номеру ЛС.',
    'Начисления стоят на листе «Разделы 3-6» под номером документа. Долги прошлых месяцев на листе «ДПД», неустойки и капитальный ремонт на своих листах.',
    'Долг или аванс, пени и итог по каждой услуге (графы 12–14 квитанции) указывать необязательно. Если указаны, они должны сойтись между собой и с листом «Разделы 1-2».',
    'Если получателей несколько, перечислите их на листе «Платежные реквизиты» и укажите номер реквизита в каждой строке.',
    'Документ с тем же номером за тот же месяц заменяет прежний: прежний остаётся в истории отозванным.',
  ],
};

const TABLE_ADVICE =
  'Не объединяйте ячейки с данными и не добавляйте строк «Итого»: каждая строка читается как отдельная запись.';

/** НСИ 50 and 3: by these names a charge finds its section of the bill. */
async function serviceAdvice(db: Db): Promise<string> {
  const names = async (registry: number) =>
    (await listItems(db, registry)).flatMap(({ name, actual }) => (actual ? [`«${name}»`] : [])).join(', ');
  return `Услуги называйте как в справочнике. Жилищные: ${await names(50)}. Коммунальные: ${await names(3)}. Другие названия попадут в дополнительные услуги.`;
}

/** Our own template with drop-down lists of the classifiers as they are now. */
export async function makeTemplate(db: Db, kind: UploadKind, at: Date): Promise<Buffer> {
  const of = kinds[kind];
  const { byRegistry } = await readLists(db, of);
  const layouts = of.sections.map(
    ({ layout, columns }): SheetLayout => ({
      ...layout,
      columns: layout.columns.map((column) => {
        const nsi = columns[column.key]?.nsi;
        const shown = nsi === undefined ? undefined : byRegistry.get(nsi)?.shown;
        return shown?.length ? { ...column, options: shown } : column;
      }),
    }),
  );
  const instructions = [...INSTRUCTIONS[kind], ...(kind === 'bills' ? [await serviceAdvice(db)] : []), TABLE_ADVICE];
  return writeTemplate(layouts, { instructions, created: at });
}
