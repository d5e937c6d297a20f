import { useMay } from '../../../pages/doors.tsx';
import type { OrganisationId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import {
  Actions,
  ButtonLink,
  Card,
  DefinitionList,
  DoneNotice,
  formatDate,
  formatDateTime,
  formatNumericDate,
  Notice,
  PageTitle,
  Stack,
  Timeline,
  type TimelineItem,
} from '../../../ui/index.ts';
import type { HouseCard } from '../../houses/index.ts';
import { access } from '../access.ts';
import { type Delivery, KIND_NAMES, type Meter, RESOURCE_NAMES, type Reading } from '../meter.ts';
import type { MeterVersion } from '../queries/changes.ts';
import type { MonthOfMeter } from '../queries/consumption.ts';
import { actionsOf, CHANGE_WORDS } from './changes.ts';
import { MeterStatus, pathOf, resourcesWord, unitOf } from './frame.tsx';
import { Months, Readings } from './meter-readings.tsx';

export interface Reasons {
  archive: ReadonlyMap<string, string>;
  failure: ReadonlyMap<string, string>;
  restore: ReadonlyMap<string, string>;
}

export interface MeterPageProps {
  house: HouseCard;
  meter: Meter;
  organisationId: OrganisationId;
  isKept: boolean;
  today: Day;
  where: string;
  versions: readonly MeterVersion[];
  readings: readonly Reading[];
  hasMore: boolean;
  deliveries: readonly Delivery[];
  months: readonly MonthOfMeter[];
  accounts: readonly { accountId: string; number: string }[];
  previous: { meterId: string; serial: string; archivedOn: Day } | null;
  next: Meter | null;
  names: ReadonlyMap<string, string>;
  reasons: Reasons;
  token: string;
  done: string | null;
}

const DONE: Readonly<Record<string, string>> = {
  installed: 'Прибор добавлен',
  correct: 'Карточка исправлена',
  verify: 'Поверка записана',
  seal: 'Пломба записана',
  break: 'Прибор отмечен неисправным',
  repair: 'Ремонт записан',
  replace: 'Прибор заменён, это карточка нового',
  archive: 'Прибор снят с учёта',
  restore: 'Прибор возвращён в работу',
  control: 'Контрольное показание записано',
  declined: 'Показание отклонено',
};

export function MeterPage(props: MeterPageProps) {
  const { house, meter, where, today, isKept, done } = props;
  const mayChange = useMay(access.changeMeter);
  return (
    <Stack>
      <PageTitle kicker={house.shortAddress} lead={`№ ${meter.serial}${meter.brand && `, ${meter.brand}`}`}>
        {where}, {resourcesWord(meter.resources).toLowerCase()}
      </PageTitle>
      <DoneNotice words={DONE} done={done} />
      <Warnings {...props} />
      <Card
        title={mayChange ? 'Что сделать' : 'Состояние'}
        aside={<MeterStatus state={meter.state} verifyBy={meter.verifyBy} today={today} />}
      >
        {mayChange && (
          <Actions>
            {actionsOf(meter, isKept).map(({ action, label, icon }) => (
              <ButtonLink
                key={action}
                kind="secondary"
                icon={icon}
                href={pathOf(house.houseId, `${meter.meterId}/${action}`)}
              >
                {label}
              </ButtonLink>
            ))}
          </Actions>
        )}
        {!isKept && <p>{`Карточку прибора ведёт ${keeperOf(props)}. Если в ней ошибка, сообщите ей.`}</p>}
      </Card>
      <Readings {...props} />
      <Months {...props} />
      <Passport {...props} />
      <Life {...props} />
    </Stack>
  );
}

/** The house's own device is its manager's too. */
const keeperOf = ({ meter, names }: Pick<MeterPageProps, 'meter' | 'names'>): string =>
  meter.kind === 'house' ? 'управляющая организация' : (names.get(meter.sourceId) ?? 'организация, которая его завела');

function Warnings({ house, meter, today, previous, next, reasons }: MeterPageProps) {
  const link = (meterId: string, serial: string) => <a href={pathOf(house.houseId, meterId)}>№ {serial}</a>;
  return (
    <>
      {meter.state === 'archived' && (
        <Notice tone="info" title={`Снят с учёта ${formatDate(meter.archivedOn!)}`}>
          {reasons.archive.get(meter.archiveReason ?? '')}.{' '}
          {next && <>Вместо него {link(next.meterId, next.serial)}.</>}
        </Notice>
      )}
      {meter.state === 'broken' && (
        <Notice tone="danger" title={`Неисправен с ${formatDate(meter.brokenOn!)}`}>
          {reasons.failure.get(meter.brokenReason ?? '')}. Показания с этого дня не учитываются.
        </Notice>
      )}
      {meter.state === 'working' && meter.verifyBy && meter.verifyBy < today && (
        <Notice tone="danger" title={`Поверка закончилась ${formatDate(meter.verifyBy)}`}>
          Показания после этого дня не учитываются, начисление идёт по среднему, потом по нормативу.
        </Notice>
      )}
      {previous && (
        <Notice tone="info" title="Поставлен на место другого прибора">
          До {formatDate(previous.archivedOn)} здесь стоял {link(previous.meterId, previous.serial)}.
        </Notice>
      )}
    </>
  );
}

function Passport({ meter, accounts, names }: MeterPageProps) {
  const day = (value: Day | null) => value && formatNumericDate(value);
  const others = [...new Set(meter.accounts.map(({ providerId }) => names.get(providerId)))].filter(Boolean);
  return (
    <Card title="Паспорт прибора">
      <DefinitionList
        items={[
          { term: 'Номер в Домовом', value: meter.number },
          { term: 'Вид', value: KIND_NAMES[meter.kind] },
          { term: 'Модель', value: meter.model },
          { term: 'Где стоит', value: meter.place },
          {
            term: 'Измеряет',
            value: meter.resources
              .map(({ resource, unit }) => `${RESOURCE_NAMES[resource]}, ${unitOf(unit)}`)
              .join('; '),
          },
          ...(meter.tariffs > 1 ? [{ term: 'Тарифов', value: String(meter.tariffs) }] : []),
          { term: 'Цифр до запятой', value: meter.digits === null ? null : String(meter.digits) },
          ...(Number(meter.ratio) === 1 ? [] : [{ term: 'Коэффициент трансформации', value: meter.ratio }]),
          { term: 'Введён в эксплуатацию', value: day(meter.usedFrom) },
          { term: 'Опломбирован', value: day(meter.sealedOn) },
          {
            term: 'Поверен',
            value:
              meter.verifiedOn &&
              `${formatNumericDate(meter.verifiedOn)}${meter.verifyBy ? `, действует до ${formatNumericDate(meter.verifyBy)}` : ''}`,
          },
          ...(meter.remote ? [{ term: 'Дистанционный съём', value: meter.remoteNote ?? 'да' }] : []),
          {
            term: 'Ваши лицевые счета',
            value: accounts.map(({ number }) => number).join(', '),
            empty: meter.kind === 'house' ? 'общедомовой прибор, счетов нет' : 'нет',
          },
          ...(others.length > 1 ? [{ term: 'Показания получают', value: others.join(', ') }] : []),
        ]}
      />
    </Card>
  );
}

function Life({ house, meter, versions, names, reasons }: MeterPageProps) {
  const items = [...versions].reverse().map((version): TimelineItem => {
    const { card } = version;
    const code = String(card.reason ?? card.archiveReason ?? card.brokenReason ?? '');
    const list = {
      archived: reasons.archive,
      replaced: reasons.archive,
      broken: reasons.failure,
      restored: reasons.restore,
    };
    const reason = list[version.change as keyof typeof list]?.get(code);
    const who = version.organisationId ? names.get(version.organisationId) : null;
    return {
      title: CHANGE_WORDS[version.change],
      when: formatDate(version.onDay),
      text: [reason, who && `записала ${who} ${formatDateTime(version.at, house.zone)}`].filter(Boolean).join('; '),
      state: version.change === 'broken' || version.change === 'archived' ? 'refused' : 'done',
    };
  });
  if (meter.state === 'working' && meter.verifyBy)
    items.push({ title: 'Следующая поверка', when: `до ${formatDate(meter.verifyBy)}`, state: 'future' });
  return <Card title="Жизнь прибора">{items.length > 0 ? <Timeline items={items} /> : <p>Записей пока нет.</p>}</Card>;
}
