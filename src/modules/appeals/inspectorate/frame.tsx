import type { ComponentChildren } from 'preact';
import { useMay } from '../../../pages/doors.tsx';
import { PageTitle, Stack, type Tab, Tabs } from '../../../ui/index.ts';
import { access } from '../access.ts';
import { COUNTED_AT_MOST, type TerritoryCounts } from '../queries/territory.ts';
import { TERRITORY, territoryPath } from './territory-query.ts';

export const ALL = TERRITORY;
export const OVERDUE = territoryPath({ state: 'open', overdue: '1' });
export const COMPLAINTS = territoryPath({ state: 'open', escalated: '1' });
export const MISSING = `${TERRITORY}/missing-houses`;
export const REQUESTS = `${TERRITORY}/requests`;
export const STATISTICS = `${TERRITORY}/statistics`;

/** «1000+» where counting has ended before the last one. */
export const atMost = (count: number): string => (count >= COUNTED_AT_MOST ? `${COUNTED_AT_MOST}+` : String(count));

const tabsOf = (counts: TerritoryCounts, oversees: boolean): Tab[] =>
  oversees ? allTabs(counts) : [{ href: STATISTICS, label: 'Статистика' }];

const allTabs = (counts: TerritoryCounts): Tab[] => [
  { href: ALL, label: 'Все обращения' },
  { href: OVERDUE, label: 'Просрочены', count: atMost(counts.overdue) },
  { href: COMPLAINTS, label: 'Жалобы на ответы', count: atMost(counts.escalated) },
  { href: MISSING, label: 'Дома нет в системе', count: atMost(counts.missingHouses) },
  { href: REQUESTS, label: 'Запросы сведений', count: atMost(counts.asked) },
  { href: STATISTICS, label: 'Статистика' },
];

interface FrameProps {
  title: string;
  lead: ComponentChildren;
  active: string;
  counts: TerritoryCounts;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** The pages of a territory under one row of tabs. */
export function TerritoryFrame({ title, lead, active, counts, actions, children }: FrameProps) {
  return (
    <Stack>
      <PageTitle lead={lead} actions={actions}>
        {title}
      </PageTitle>
      <Tabs label="Обращения территории" tabs={tabsOf(counts, useMay(access.oversee))} active={active} />
      {children}
    </Stack>
  );
}
