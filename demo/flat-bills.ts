import { type Day, firstDay, type Month } from '../src/platform/month.ts';
import { times } from './amounts.ts';
import { type Biller, type Dwelling, plain } from './bills.ts';
import { type Charge, chargeFor } from './charges.ts';
import type { Provider } from './organisations.ts';
import { NORMS } from './tariffs.ts';

const cubic = 'м³';

/** Housing services and resources for the common property: the managing organisation's own. */
export function upkeepCharges(payee: Provider, dwelling: Dwelling, month: Month): Charge[] {
  const { totalArea } = dwelling;
  const common = (service: string, code: string, tariff: 'cold' | 'drain' | 'day', norm: number, unit: string) =>
    chargeFor(payee, month, {
      group: 'common_property',
      service: `${service} в целях содержания общего имущества`,
      code,
      unit,
      tariff,
      volume: times(totalArea, norm),
      method: 'N',
      common: true,
    });
  return [
    chargeFor(payee, month, {
      group: 'housing',
      service: 'Содержание жилого помещения',
      code: '1',
      unit: 'м²',
      tariff: 'upkeep',
      volume: totalArea,
    }),
    common('Холодная вода', '1', 'cold', NORMS.commonCold, cubic),
    common('Горячая вода', '2', 'cold', NORMS.commonHot, cubic),
    common('Отведение сточных вод', '3', 'drain', NORMS.commonDrain, cubic),
    common('Электрическая энергия', '4', 'day', NORMS.commonElectricity, 'кВт·ч'),
    chargeFor(payee, month, {
      group: 'additional',
      service: 'Запирающее устройство (домофон)',
      code: '1',
      unit: 'квартира',
      tariff: 'intercom',
      volume: 10_000,
    }),
  ];
}

export function upkeepBiller(
  payee: Provider,
  dwelling: Dwelling,
  extras: { antenna: boolean; insurance: boolean },
): Biller {
  return (month) => {
    const charges = upkeepCharges(payee, dwelling, month);
    if (extras.antenna)
      charges.push(
        chargeFor(payee, month, {
          group: 'additional',
          service: 'Коллективная антенна',
          code: '2',
          unit: 'квартира',
          tariff: 'antenna',
          volume: 10_000,
        }),
      );
    if (extras.insurance)
      charges.push(
        chargeFor(payee, month, {
          group: 'insurance',
          service: 'Добровольное страхование жилья',
          code: '11',
          unit: 'м²',
          tariff: 'insurance',
          volume: dwelling.totalArea,
          voluntary: true,
        }),
      );
    return {
      ...plain(charges),
      norms: charges
        .filter(({ common }) => common)
        .map(({ service, unit, volume }) => ({
          service,
          unit,
          individual: null,
          common: volume,
          housePremises: null,
          houseCommon: times(volume, 900_000),
        })),
    };
  };
}

/** @param relief since when the payer is 70 and pays half (ЖК ст. 169 ч. 2.1); null: the whole contribution */
export function capitalBiller(payee: Provider, dwelling: Dwelling, relief: Day | null): Biller {
  return (month) =>
    plain([
      chargeFor(payee, month, {
        group: 'capital_repair',
        service: 'Взнос на капитальный ремонт',
        code: '2',
        unit: 'м²',
        tariff: 'capital',
        volume: dwelling.totalArea,
        benefit: relief !== null && relief < firstDay(month),
      }),
    ]);
}

export function hireBiller(payee: Provider, dwelling: Dwelling): Biller {
  return (month) =>
    plain([
      chargeFor(payee, month, {
        group: 'housing',
        service: 'Плата за наём',
        code: '9',
        unit: 'м²',
        tariff: 'hire',
        volume: dwelling.totalArea,
      }),
    ]);
}

export const wasteCharge = (payee: Provider, dwelling: Dwelling, month: Month): Charge =>
  chargeFor(payee, month, {
    group: 'communal',
    service: 'Обращение с твёрдыми коммунальными отходами',
    code: '7',
    unit: 'чел.',
    tariff: 'waste',
    volume: dwelling.residents * 10_000,
    method: 'N',
    benefit: dwelling.benefit,
  });

export const wasteBiller =
  (payee: Provider, dwelling: Dwelling): Biller =>
  (month) =>
    plain([wasteCharge(payee, dwelling, month)]);
