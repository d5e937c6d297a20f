import { organisation } from '../../../sandbox/organisations.ts';
import { PEOPLE } from '../../../sandbox/people.ts';
import { ACCOUNTS, PLACES } from '../../../src/modules/uploads/layouts/accounts.ts';
import { HEADS, LINES } from '../../../src/modules/uploads/layouts/bills.ts';
import { FLATS, HOUSE } from '../../../src/modules/uploads/layouts/houses.ts';
import { BANK, CARD } from '../../../src/modules/uploads/layouts/organisation.ts';
import { xlsxOf } from '../../../src/modules/uploads/test-workbooks.ts';

export const ADDRESS = 'г. Москва, проезд Петровско-Разумовский, д. 12';
const PAYER = PEOPLE.find((person) => person.login === 'pervovhodov')!;
const REQUISITES = { bik: '044525225', bankAccount: '40702810938000000001' };

/** What a managing organisation has in its spreadsheets: its card, its house, one flat's account and a bill of 5 123,45 ₽. */
export const organisationFile = () => {
  const { ogrn, inn, kpp, fullName, shortName } = organisation('dubravushka');
  return xlsxOf(
    [CARD, [{ ogrn, inn, kpp: kpp ?? '', fullName, shortName, phone: '+7 000 111-22-33', email: 'uk@example.test' }]],
    [BANK, [{ ...REQUISITES, bankName: 'Учебный банк' }]],
  );
};

export const housesFile = () =>
  xlsxOf(
    [
      HOUSE,
      [{ address: ADDRESS, guid: '', state: 'Исправный', totalArea: '3456,7', yearInUse: '1979', storeysMax: '9' }],
    ],
    [
      FLATS,
      [{ address: ADDRESS, number: '5', characteristic: 'Отдельная квартира', totalArea: '49,5', livingArea: '32,2' }],
    ],
  );

export const accountsFile = (number: string, snils = PAYER.snils) =>
  xlsxOf(
    [
      ACCOUNTS,
      [
        {
          record: '1',
          number,
          kind: 'ЛС УО',
          familyName: PAYER.familyName,
          givenName: PAYER.givenName,
          middleName: PAYER.middleName,
          snils,
          totalArea: '49,5',
          livingArea: '32,2',
          residents: '2',
        },
      ],
    ],
    [PLACES, [{ record: '1', address: ADDRESS, number: '5', share: '100' }]],
  );

export const billsFile = (serviceId: string) =>
  xlsxOf(
    [HEADS, [{ serviceId, document: 'К-1', period: '10.2026', stated: '5123,45', ...REQUISITES }]],
    [
      LINES,
      [
        { document: 'К-1', service: 'Содержание помещения', unit: 'м²', tariff: '40', payable: '1980,00' },
        { document: 'К-1', service: 'Отопление', payable: '3143,45' },
      ],
    ],
  );
