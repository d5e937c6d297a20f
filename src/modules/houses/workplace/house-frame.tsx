import type { ComponentChildren } from 'preact';
import { useMay } from '../../../pages/doors.tsx';
import { type Actor, actingFor } from '../../../platform/access.ts';
import type { Db } from '../../../platform/database/database.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { HouseId } from '../../../platform/ids.ts';
import { type Crumb, PageTitle, Stack, type Tab, Tabs } from '../../../ui/index.ts';
import { accountsAccess } from '../../accounts/index.ts';
import { findDeskHouse } from '../../organisations/index.ts';
import { access } from '../access.ts';
import type { HouseCard } from '../house.ts';
import { selectHouse } from '../queries/houses.ts';

export interface HouseOfOrganisation {
  house: HouseCard;
  /** It manages the house: only then it sees owners and changes the card. */
  manages: boolean;
}

/** The house, when it is on the list of the organisation acted for. @throws NotFound */
export async function houseOfOrganisation(db: Db, actor: Actor, houseId: HouseId): Promise<HouseOfOrganisation> {
  const { acting } = actingFor(actor);
  const [line, house] = await Promise.all([findDeskHouse(db, acting, houseId), selectHouse(db, houseId)]);
  if (!line || !house) throw new NotFound();
  return { house, manages: house.managerId === acting.organisationId };
}

/** The same where only the manager may go. @throws NotFound */
export async function managedByActor(db: Db, actor: Actor, houseId: HouseId): Promise<HouseCard> {
  const { house, manages } = await houseOfOrganisation(db, actor, houseId);
  if (!manages) throw new NotFound();
  return house;
}

const LIST: Crumb = { href: '/work/houses', label: 'Дома и помещения' };

export const houseCrumbs = (house: HouseCard, ...more: Crumb[]): Crumb[] =>
  more.length === 0
    ? [LIST, { label: house.shortAddress }]
    : [LIST, { href: `/work/houses/${house.houseId}`, label: house.shortAddress }, ...more];

function useTabs({ house, manages }: HouseOfOrganisation): Tab[] {
  const path = `/work/houses/${house.houseId}`;
  const tabs = [
    { href: path, label: 'Помещения' },
    { href: `${path}/entrances`, label: 'Подъезды и лифты' },
  ];
  if (useMay(accountsAccess.viewRegister)) tabs.push({ href: `${path}/accounts`, label: 'Лицевые счета' });
  if (manages && useMay(access.viewOwners)) tabs.push({ href: `${path}/owners`, label: 'Собственники' });
  if (manages && useMay(access.editHouse)) tabs.push({ href: `${path}/card`, label: 'Карточка дома' });
  return tabs;
}

interface FrameProps extends HouseOfOrganisation {
  /** Last part of the address of the tab shown. */
  active?: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function HouseFrame({ house, manages, active = '', lead, actions, children }: FrameProps) {
  return (
    <Stack>
      <PageTitle kicker={manages ? 'Дом в управлении' : 'Дом, где вы ведёте счета'} {...{ lead, actions }}>
        {house.shortAddress}
      </PageTitle>
      <Tabs
        label="Разделы дома"
        tabs={useTabs({ house, manages })}
        active={`/work/houses/${house.houseId}${active && `/${active}`}`}
      />
      {children}
    </Stack>
  );
}
