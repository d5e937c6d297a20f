import type { Db } from '../../../platform/database/database.ts';
import { isUuid } from '../../../platform/ids.ts';
import { type Day, day, dayIn } from '../../../platform/month.ts';
import { findRule } from '../../../platform/rules/rules.ts';
import { formatDate } from '../../../ui/index.ts';
import { findAddress } from '../../addresses/index.ts';
import { findHouseByFias, readHouse } from '../../houses/index.ts';
import { readOrganisation } from '../../organisations/index.ts';
import { contactsOf, type FoundOrganisation, findInspectorate } from '../find-house.ts';
import { hasOpenAccounts } from '../queries.ts';
import { appealAbout, untilMissing, type WhyCase, type WhyStep } from './why.ts';

export interface HouseStanding {
  address: string;
  steps: WhyStep[];
  manager: FoundOrganisation | null;
  inspectorate: FoundOrganisation | null;
}

/** How far a house has come on its way into the cabinet. Tells of organisations and counts, never of people. Null: no such address. */
export async function readHouseStanding(db: Db, fiasGuid: string, now: Date): Promise<HouseStanding | null> {
  if (!isUuid(fiasGuid)) return null;
  const [address, houseId] = await Promise.all([findAddress(db, fiasGuid), findHouseByFias(db, fiasGuid)]);
  const house = houseId ? await readHouse(db, houseId) : null;
  const place = house ?? address;
  if (!place) return null;
  const { regionCode, zone } = place;
  const [manager, inspectorate, duty, hasAccounts] = await Promise.all([
    house?.managerId ? readOrganisation(db, house.managerId) : undefined,
    findInspectorate(db, regionCode),
    findRule(db, 'publication.duty_from', dayIn(zone, now), { regionCode }),
    house ? hasOpenAccounts(db, house.houseId) : false,
  ]);
  const term = duty ? { words: dutyWords(day(duty.value), dayIn(zone, now)), source: duty.source } : { words: '' };
  return {
    address: house?.shortAddress ?? address!.short,
    manager: contactsOf(manager),
    inspectorate,
    steps: untilMissing([
      { title: 'Адрес есть в адресном реестре', state: 'done' },
      house
        ? { title: 'Дом внесён в кабинет', state: 'done' }
        : {
            title: 'Дом внесён в кабинет',
            state: 'missing',
            words: `Вносит организация, которая управляет домом. ${term.words}`,
            ...(term.source && { source: term.source }),
          },
      manager
        ? { title: 'Указано, кто управляет домом', state: 'done', words: manager.short_name }
        : {
            title: 'Указано, кто управляет домом',
            state: 'missing',
            words: 'Указывает сама управляющая организация. Если дом никто не ведёт, это проверит жилищная инспекция.',
          },
      hasAccounts
        ? { title: 'Лицевые счета дома размещены', state: 'done' }
        : {
            title: 'Лицевые счета дома размещены',
            state: 'missing',
            words: `Размещает ${manager?.short_name ?? 'организация, которая выставляет квитанции'}. ${term.words}`,
            ...(term.source && { source: term.source }),
          },
    ]),
  };
}

const dutyWords = (from: Day, today: Day): string =>
  from > today
    ? `Обязанность наступит ${formatDate(from)}: до этого дня сведения могут быть неполными.`
    : `Срок уже прошёл: обязанность действует с ${formatDate(from)}`;

/** «Почему дома нет»: whose step is missing, and the appeal to the inspectorate or to the manager. */
export function houseCase(standing: HouseStanding, fiasGuid: string): WhyCase {
  const missing = standing.steps.findIndex(({ state }) => state === 'missing');
  const isOfManager = missing === 3 && standing.manager !== null;
  return {
    key: fiasGuid,
    title: standing.address,
    steps: standing.steps,
    appeal:
      missing < 0
        ? null
        : isOfManager
          ? appealAbout({ about: 'connect', provider: standing.manager!.organisationId, address: fiasGuid })
          : appealAbout({ about: 'house', address: fiasGuid }),
    ...(missing < 0 && { next: { href: '/accounts/connect', label: 'Подключить лицевой счёт' } }),
    contacts: isOfManager || missing < 0 ? standing.manager : standing.inspectorate,
  };
}
