import type { ComponentChildren } from 'preact';
import { useMay } from '../../../pages/doors.tsx';
import {
  type Crumb,
  formatNumber,
  formatNumericDate,
  PageTitle,
  Stack,
  Status,
  type Tab,
  Tabs,
} from '../../../ui/index.ts';
import { type HouseCard, type PremisesCategory, premisesLabel } from '../../houses/index.ts';
import { access } from '../access.ts';
import { type MeterKind, type MeterState, RESOURCE_NAMES, type Resource, UNITS, type Values } from '../meter.ts';

export const DESK = '/work/meters';
export const pathOf = (houseId: string, rest = ''): string => `${DESK}/${houseId}${rest && `/${rest}`}`;

const LIST: Crumb = { href: DESK, label: 'Приборы учёта' };
export const deskCrumbs = (...more: Crumb[]): Crumb[] => [LIST, ...more];
export const houseCrumbs = (house: HouseCard, ...more: Crumb[]): Crumb[] =>
  more.length === 0
    ? [LIST, { label: house.shortAddress }]
    : [LIST, { href: pathOf(house.houseId), label: house.shortAddress }, ...more];

interface FrameProps {
  house: HouseCard;
  /** Last part of the address of the tab shown. */
  active?: string;
  /** Readings that wait for a decision. */
  waiting: number;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** The pages of one house: its register, what waits for a decision, its balance. */
export function HouseMetersFrame({ house, active = '', waiting, lead, actions, children }: FrameProps) {
  const mayDecide = useMay(access.decideDeliveries);
  const tabs: Tab[] = [
    { href: pathOf(house.houseId), label: 'Приборы и показания' },
    ...(mayDecide ? [{ href: pathOf(house.houseId, 'decisions'), label: 'Ждут решения', count: waiting }] : []),
    { href: pathOf(house.houseId, 'balance'), label: 'Баланс дома' },
  ];
  return (
    <Stack>
      <PageTitle kicker="Приборы учёта" {...{ lead, actions }}>
        {house.shortAddress}
      </PageTitle>
      <Tabs label="Приборы дома" tabs={tabs} active={pathOf(house.houseId, active)} />
      {children}
    </Stack>
  );
}

/** «кв. 12», or «Общедомовой» where the device is the house's own. */
export const whereOf = (line: {
  kind: MeterKind | string;
  category: PremisesCategory | null;
  premisesNumber: string | null;
}): string =>
  line.kind === 'house' || line.category === null
    ? 'Общедомовой прибор'
    : premisesLabel({ category: line.category, number: line.premisesNumber ?? '' }) || 'Дом целиком';

/** Where there are three, the first is the peak alone. */
const TARIFF_WORDS: Readonly<Record<number, readonly string[]>> = {
  2: ['день', 'ночь'],
  3: ['пик', 'ночь', 'полупик'],
};
export const TARIFFS = ['t1', 't2', 't3'] as const;
export type Tariff = (typeof TARIFFS)[number];

/** «Т1, день»; nothing for a device of one tariff. */
export const tariffWord = (tariff: Tariff, tariffs: number): string =>
  tariffs === 1 ? '' : `Т${TARIFFS.indexOf(tariff) + 1}, ${TARIFF_WORDS[tariffs]?.[TARIFFS.indexOf(tariff)]}`;

export const unitOf = (unit: string): string => UNITS[unit] ?? '';
export const resourcesWord = (resources: readonly { resource: Resource }[]): string =>
  resources.map(({ resource }) => RESOURCE_NAMES[resource]).join(', ');

/** «1 234,5» or «1 234,5 / 600 / 20» by tariff. */
export const formatValues = ({ t1, t2, t3 }: Values): string =>
  [t1, t2, t3]
    .filter((value) => value !== null)
    .map((value) => formatNumber(value))
    .join(' / ');

export function MeterStatus({ state, verifyBy, today }: { state: MeterState; verifyBy: string | null; today: string }) {
  if (state === 'archived') return <Status tone="neutral">Снят с учёта</Status>;
  if (state === 'broken') return <Status tone="danger">Неисправен</Status>;
  if (verifyBy && verifyBy < today) return <Status tone="danger">Поверка истекла {formatNumericDate(verifyBy)}</Status>;
  return <Status tone="good">Работает</Status>;
}

/** The picture of the dial that came with a reading, for those whom it went to. */
export const PhotoLink = ({
  houseId,
  meterId,
  photoId,
}: {
  houseId: string;
  meterId: string;
  photoId: string | null;
}) =>
  photoId && (
    <>
      <br />
      <a href={`/meters/${houseId}/${meterId}/photos/${photoId}`}>Фото прибора</a>
    </>
  );
