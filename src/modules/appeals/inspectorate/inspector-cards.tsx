import { ActionCard, CardGrid, counted, plural } from '../../../ui/index.ts';
import type { TerritoryCounts } from '../queries/territory.ts';
import { COMPLAINTS, MISSING, OVERDUE, REQUESTS, STATISTICS } from './frame.tsx';
import { TERRITORY } from './territory-query.ts';

const WAIT = ['ждёт ответа', 'ждут ответа', 'ждут ответа'] as const;
const LATE = ['просрочено', 'просрочены', 'просрочены'] as const;

/** The urgent in one sentence. */
export function inspectorLead({ own, ownOverdue, escalated, askedOverdue }: TerritoryCounts): string {
  if (own === 0 && askedOverdue === 0) return 'Ничего не ждёт вашего ответа.';
  const parts = [
    own > 0 && counted(own, ['обращение', 'обращения', 'обращений']),
    escalated > 0 && `из них жалоб на ответы — ${escalated}`,
    ownOverdue > 0 && `с истёкшим сроком — ${ownOverdue}`,
    askedOverdue > 0 && `запросов, на которые не ответили в срок, — ${askedOverdue}`,
  ];
  return `Ждут вас: ${parts.filter(Boolean).join(', ')}.`;
}

/** What waits for an inspector, the urgent first. */
export function InspectorCards({ counts }: { counts: TerritoryCounts }) {
  const { own, ownOverdue, escalated, overdue, open, missingHouses, asked, askedOverdue } = counts;
  return (
    <CardGrid label="Разделы">
      <ActionCard
        href="/work/appeals"
        icon="inbox"
        title="Обращения к нам"
        text={own === 0 ? 'Открытых нет' : ownOverdue > 0 ? `Просрочено: ${ownOverdue}` : 'Просроченных нет'}
        badge={{ count: own, label: plural(own, WAIT) }}
      />
      <ActionCard
        href={COMPLAINTS}
        icon="megaphone"
        title="Жалобы на ответы"
        text={escalated === 0 ? 'Открытых нет' : 'С делом: первое обращение, ответ и сроки'}
        badge={{ count: escalated, label: plural(escalated, WAIT) }}
      />
      <ActionCard
        href={OVERDUE}
        icon="clock"
        title="Просрочено на территории"
        text={overdue === 0 ? 'Организации отвечают в срок' : 'Организации не ответили в срок'}
        badge={{ count: overdue, label: plural(overdue, LATE) }}
      />
      <ActionCard
        href={MISSING}
        icon="map-pin"
        title="Дома нет в системе"
        text={missingHouses === 0 ? 'Сообщений нет' : 'О них сообщили жители'}
        badge={{ count: missingHouses, label: plural(missingHouses, WAIT) }}
      />
      <ActionCard
        href={REQUESTS}
        icon="send"
        title="Запросы сведений"
        text={asked === 0 ? 'Все организации ответили' : `Ждём ответа: ${asked}`}
        badge={{ count: askedOverdue, label: plural(askedOverdue, LATE) }}
      />
      <ActionCard
        href={TERRITORY}
        icon="list"
        title="Обращения территории"
        text={open === 0 ? 'Открытых нет' : `Открытых: ${open >= 1000 ? 'больше 1000' : open}`}
      />
      <ActionCard href={STATISTICS} icon="chart-column" title="Статистика" text="По организациям, темам и месяцам" />
      <ActionCard
        href="/find"
        icon="building-2"
        title="Кто обслуживает дом"
        text="По адресу: управляющая организация, её карточка и телефоны"
      />
    </CardGrid>
  );
}
