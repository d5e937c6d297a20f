/**
 * Fictional organisations of the demonstration. Numbers pass their checks, but carry the region code 98, which the tax
 * service gives to nobody: they cannot be taken for, or collide with, a real organisation.
 */
export interface DemoOrganisation {
  key: string;
  ogrn: string;
  inn: string;
  kpp: string;
  fullName: string;
  shortName: string;
  kind: 'managing' | 'resource-supplier' | 'capital-repair' | 'inspectorate' | 'operator' | 'settlement-centre';
}

export const ORGANISATIONS = [
  {
    key: 'dubravushka',
    ogrn: '1249800000010',
    inn: '9801000016',
    kpp: '980101001',
    fullName: 'Общество с ограниченной ответственностью «Управляющая компания „Дубравушка“»',
    shortName: 'ООО «УК „Дубравушка“»',
    kind: 'managing',
  },
  {
    key: 'tikhiy-dvor',
    ogrn: '1249800000020',
    inn: '9801000023',
    kpp: '980101001',
    fullName: 'Общество с ограниченной ответственностью «Тихий двор»',
    shortName: 'ООО «Тихий двор»',
    kind: 'managing',
  },
  {
    key: 'teplorodnik',
    ogrn: '1249800000031',
    inn: '9801000030',
    kpp: '980101001',
    fullName: 'Акционерное общество «Теплородник: вода и тепло»',
    shortName: 'АО «Теплородник»',
    kind: 'resource-supplier',
  },
  {
    key: 'svetlyachok',
    ogrn: '1249800000042',
    inn: '9801000048',
    kpp: '980101001',
    fullName: 'Акционерное общество «Светлячок-Энергосбыт»',
    shortName: 'АО «Светлячок-Энергосбыт»',
    kind: 'resource-supplier',
  },
  {
    key: 'krepkie-steny',
    ogrn: '1249800000053',
    inn: '9801000055',
    kpp: '980101001',
    fullName: 'Фонд капитального ремонта «Крепкие стены»',
    shortName: 'Фонд «Крепкие стены»',
    kind: 'capital-repair',
  },
  {
    key: 'inspektsiya',
    ogrn: '1249800000064',
    inn: '9801000062',
    kpp: '980101001',
    fullName: 'Учебная государственная жилищная инспекция',
    shortName: 'Учебная жилищная инспекция',
    kind: 'inspectorate',
  },
  {
    key: 'operator',
    ogrn: '1249800000075',
    inn: '9801000070',
    kpp: '980101001',
    fullName: 'Автономная некоммерческая организация «Оператор личного кабинета „Домовой“»',
    shortName: 'АНО «Оператор „Домовой“»',
    kind: 'operator',
  },
  {
    key: 'kopeechka',
    ogrn: '1249800001021',
    inn: '9801001027',
    kpp: '980101001',
    fullName: 'Акционерное общество «Расчётный центр „Копеечка к копеечке“»',
    shortName: 'АО «РЦ „Копеечка“»',
    kind: 'settlement-centre',
  },
] as const satisfies readonly DemoOrganisation[];

/** An organisation that the identity provider knows and the product does not: its head registers it. ИНН 9801000087, КПП 980101001. */
export const UNREGISTERED = { ogrn: '1249800000086', name: 'ООО «Новый двор»' } as const;

export type OrganisationKey = (typeof ORGANISATIONS)[number]['key'];

export function organisation(key: OrganisationKey): DemoOrganisation {
  return ORGANISATIONS.find((candidate) => candidate.key === key)!;
}
