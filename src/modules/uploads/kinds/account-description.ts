import { type Basis, KIND_NAMES, type WholeAccount } from '../../accounts/index.ts';
import { premisesLabel } from '../../houses/index.ts';
import { isOgrn, isSnils } from '../../organisations/index.ts';
import { changesBetween, NOTHING, trimZeros } from '../compare.ts';
import { ACCOUNTS, type AccountRow, BASES, type BasisRow } from '../layouts/accounts.ts';
import { type Lists, nameOfCode } from '../sections.ts';
import { UNDONE_NOTE } from '../undo/undo.ts';
import type { ReadSheet } from '../upload.ts';
import type { Change, Note } from '../work.ts';
import type { ReadPlace } from './account-places.ts';

/** What a provider says of an account, with its places by name. */
export type DescribedAccount = Omit<
  WholeAccount,
  'accountId' | 'providerId' | 'els' | 'serviceId' | 'places' | 'bases'
> & { places: ReadPlace[]; bases: Basis[] };

/** Column of the file -> field of the account, where they are the same value. */
const FIELDS = {
  number: 'number',
  kind: 'kind',
  familyName: 'familyName',
  givenName: 'givenName',
  middleName: 'middleName',
  snils: 'snils',
  documentKind: 'documentKind',
  documentNumber: 'documentNumber',
  documentSeries: 'documentSeries',
  documentOn: 'documentOn',
  payerOgrn: 'payerOgrn',
  payerNza: 'payerNza',
  payerKpp: 'payerKpp',
  totalArea: 'totalArea',
  livingArea: 'livingArea',
  heatedArea: 'heatedArea',
  residents: 'residents',
  openedOn: 'openedOn',
  closedOn: 'closedOn',
  closeReason: 'closeReasonCode',
  closeNote: 'closeNote',
} as const satisfies Partial<Record<keyof AccountRow['values'], keyof DescribedAccount>>;

/** A person or an organisation pays, never both. Checksums of a register are only warned of: the paper it came from may be wrong too. */
export function payerNotes({ sheet, row, values }: AccountRow): Note[] {
  const notes: Note[] = [];
  const person = values.familyName ?? values.givenName ?? values.snils;
  const organisation = values.payerOgrn ?? values.payerNza;
  if (person !== null && organisation !== null)
    notes.push({
      sheet,
      row,
      key: 'payerOgrn',
      wrong: true,
      message: 'укажите плательщиком или человека, или организацию',
    });
  if (person !== null && (values.familyName === null || values.givenName === null))
    notes.push({
      sheet,
      row,
      key: values.familyName === null ? 'familyName' : 'givenName',
      wrong: true,
      message: 'укажите фамилию и имя плательщика',
    });
  if (values.closedOn !== null && values.openedOn !== null && values.closedOn < values.openedOn)
    notes.push({ sheet, row, key: 'closedOn', wrong: true, message: 'счёт не может быть закрыт раньше, чем открыт' });
  if (values.snils !== null && !isSnils(values.snils))
    notes.push({ sheet, row, key: 'snils', wrong: false, message: 'контрольные цифры СНИЛС не сходятся' });
  if (values.payerOgrn !== null && !isOgrn(values.payerOgrn))
    notes.push({ sheet, row, key: 'payerOgrn', wrong: false, message: 'контрольная цифра ОГРН не сходится' });
  return notes;
}

/** Columns and sheets that the file does not have keep what the account says now; an empty cell empties. */
export function describeAccount(
  row: AccountRow,
  bases: readonly BasisRow[],
  places: ReadPlace[],
  known: WholeAccount | null,
  sheets: readonly ReadSheet[],
): DescribedAccount {
  const given = new Set(sheets.filter(({ section }) => section === ACCOUNTS.key).flatMap(({ keys }) => keys));
  const { values } = row;
  const account: Record<string, unknown> = known ? { ...known } : {};
  for (const [key, field] of Object.entries(FIELDS) as [keyof typeof FIELDS, string][])
    if (!known || given.has(key)) account[field] = values[key];
  if (!known || given.has('isTenant')) account.isTenant = values.isTenant ?? false;
  if (!known || given.has('divided')) account.divided = values.divided ?? false;
  // Closed with an upload that was taken back: a file that names it again opens it.
  if (known?.closeNote?.startsWith(UNDONE_NOTE) && !given.has('closedOn'))
    Object.assign(account, { closedOn: null, closeReasonCode: null, closeNote: null });
  account.payer = account.payerOgrn || account.payerNza ? 'organisation' : account.familyName ? 'person' : null;
  const hasBases = sheets.some(({ section }) => section === BASES.key);
  for (const key of ['accountId', 'providerId', 'els', 'serviceId']) delete account[key];
  return {
    ...(account as unknown as DescribedAccount),
    places: places.length > 0 ? places : (known?.places ?? []),
    bases: hasBases || !known ? bases.map(basisOf) : known.bases,
  };
}

const basisOf = ({ values }: BasisRow): Basis => ({
  kind: values.kind ?? '',
  identifier: values.identifier,
  contractKind: values.hireKind,
  number: values.hireNumber ?? values.supplyNumber,
  concludedOn: values.hireOn ?? values.supplyOn,
  onPaper: values.supplyOnPaper,
});

const WORDS: Readonly<Partial<Record<keyof DescribedAccount, string>>> = {
  number: 'Номер ЛС',
  kind: 'Тип лицевого счёта',
  isTenant: 'Является нанимателем',
  divided: 'Лицевые счета разделены',
  familyName: 'Фамилия',
  givenName: 'Имя',
  middleName: 'Отчество',
  snils: 'СНИЛС',
  documentKind: 'Вид документа',
  documentNumber: 'Номер документа',
  documentSeries: 'Серия документа',
  documentOn: 'Дата документа',
  payerOgrn: 'ОГРН плательщика',
  payerNza: 'НЗА плательщика',
  payerKpp: 'КПП плательщика',
  totalArea: 'Общая площадь',
  livingArea: 'Жилая площадь',
  heatedArea: 'Отапливаемая площадь',
  residents: 'Количество проживающих',
  openedOn: 'Дата открытия',
  closedOn: 'Дата закрытия',
  closeReasonCode: 'Причина закрытия',
  closeNote: 'Примечание к закрытию',
};

export function changesOfAccount(known: WholeAccount, account: DescribedAccount, lists: Lists): Change[] {
  const before: DescribedAccount = known;
  const changes = changesBetween(before, account, WORDS, (key, value) =>
    typeof value === 'string' ? inWords(key, value, lists) : value,
  );
  const [old, fresh] = [placeWords(before.places), placeWords(account.places)];
  if (old !== fresh) changes.push({ what: 'Помещения', before: old || NOTHING, after: fresh });
  const [oldBases, freshBases] = [basisWords(before.bases), basisWords(account.bases)];
  if (oldBases !== freshBases)
    changes.push({ what: 'Основания', before: oldBases || NOTHING, after: freshBases || NOTHING });
  return changes;
}

function inWords(key: keyof DescribedAccount, value: string, lists: Lists): string {
  switch (key) {
    case 'kind':
      return KIND_NAMES[value as DescribedAccount['kind']];
    case 'documentKind':
      return nameOfCode(lists, 95, value);
    case 'closeReasonCode':
      return nameOfCode(lists, 22, value);
    case 'snils':
      return value.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1-$2-$3 $4');
    default:
      return value;
  }
}

const placeWords = (places: readonly ReadPlace[]): string =>
  places
    .map(
      (place) =>
        `${premisesLabel(place) || 'дом целиком'}${place.roomNumber ? `, комната ${place.roomNumber}` : ''}${place.sharePercent ? `, доля ${trimZeros(place.sharePercent)} %` : ''}`,
    )
    .sort()
    .join('; ');

const basisWords = (bases: readonly Basis[]): string =>
  bases
    .map(({ kind, identifier, contractKind, number, concludedOn, onPaper }) =>
      [
        kind,
        identifier,
        contractKind,
        number && `№ ${number}`,
        concludedOn && `от ${concludedOn.split('-').reverse().join('.')}`,
        onPaper && `на бумаге: ${onPaper}`,
      ]
        .filter(Boolean)
        .join(' '),
    )
    .join('; ');
