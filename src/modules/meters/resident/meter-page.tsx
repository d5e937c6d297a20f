import {
  Actions,
  ButtonLink,
  Card,
  DefinitionList,
  formatDate,
  formatNumber,
  Notice,
  PageTitle,
  Photo,
  Stack,
} from '../../../ui/index.ts';
import { KIND_NAMES, RESOURCE_NAMES, type Reading } from '../meter.ts';
import type { OwnMeter } from '../present-meter.ts';
import type { OwnHome, OwnMeters } from '../read-own-meters.ts';
import { ConsumptionChart } from './consumption-chart.tsx';
import { History, type HistoryView, ReadingState } from './history.tsx';
import { LapseNotice, VerificationStatus, verificationAt } from './lapse.tsx';
import { capitalised, sourceText, usedText, valuesText } from './words.ts';

export interface MeterPageProps {
  home: OwnHome;
  own: OwnMeter;
  providers: OwnMeters['providers'];
  history: HistoryView;
  /** Why it was taken away or does not work, in the classifier's words. */
  reason: string | null;
  photoOf: (reading: Reading) => string | null;
}

/** One device: what it is, what it showed, what became of that, and what it used month by month. */
export function MeterPage(props: MeterPageProps) {
  const { home, own, providers, history, photoOf } = props;
  const { meter } = own;
  const path = `/meters/${own.houseId}/${meter.meterId}`;
  return (
    <Stack>
      <PageTitle kicker={meter.resources.map(({ resource }) => RESOURCE_NAMES[resource]).join(', ')} lead={home.title}>
        Прибор учёта № {meter.serial}
      </PageTitle>
      <StateNotice {...props} />
      <LapseNotice home={home} own={own} />
      <LastReadings {...props} />
      {own.resources.some(({ months }) => months.length > 0) && (
        <Card title="Расход">
          {own.resources.map(({ resource, months }) => (
            <ConsumptionChart key={resource} id={`used-${resource}`} resource={resource} months={months} />
          ))}
        </Card>
      )}
      <Card title="История показаний" id="history">
        <History meter={meter} zone={home.house.zone} {...{ history, providers, photoOf }} />
        <Actions>
          <ButtonLink kind="secondary" icon="download" href={`${path}/readings.csv`} download>
            Скачать таблицей
          </ButtonLink>
        </Actions>
      </Card>
      <DeviceCard {...props} />
    </Stack>
  );
}

function StateNotice({ own: { meter }, reason }: MeterPageProps) {
  if (meter.state === 'archived')
    return (
      <Notice title={`Прибор снят с учёта ${formatDate(meter.archivedOn!)}`}>
        {reason && <p>{reason}.</p>}
        <p>
          Новые показания по нему не принимают. История остаётся.{' '}
          {meter.replacedBy && (
            <a href={`/meters/${meter.houseId}/${meter.replacedBy}`}>Прибор, который стоит теперь</a>
          )}
        </p>
      </Notice>
    );
  if (meter.state === 'broken')
    return (
      <Notice tone="warn" title={`Прибор неисправен с ${formatDate(meter.brokenOn!)}`}>
        {reason && <p>{reason}.</p>}
        <p>
          Показания с этого дня не учитываются: начисляют по среднему, потом по нормативу. Замените прибор и сообщите
          организации, которая начисляет плату.
        </p>
      </Notice>
    );
  return null;
}

/** The newest value of each resource, what it means and where it has come to. */
function LastReadings({ own, providers, photoOf }: MeterPageProps) {
  return (
    <Card title="Последнее показание">
      {own.resources.map(({ resource, last, current, used, tariff, counting, deliveries }) => (
        <div key={resource} class="dial__sent">
          {own.resources.length > 1 && <h3>{RESOURCE_NAMES[resource]}</h3>}
          {last ? (
            <p>
              <b>{valuesText(last, counting.unit)}</b>, {formatDate(last.takenOn)}, {sourceText(last, providers)}.
              {last === current && used && ` Расход ${usedText(used, resource, tariff)}.`}
            </p>
          ) : (
            <p>Показаний ещё нет.</p>
          )}
          {last && last === current && deliveries.length > 0 && (
            <p>
              <ReadingState reading={last} deliveries={deliveries} providers={providers} />
            </p>
          )}
          {last && photoOf(last) && (
            <Photo
              src={photoOf(last)!}
              alt={`Прибор № ${own.meter.serial} в день показания`}
              width={320}
              height={240}
            />
          )}
        </div>
      ))}
      {own.meter.state === 'working' && (
        <Actions>
          <ButtonLink href="/readings" icon="gauge">
            Передать показание
          </ButtonLink>
        </Actions>
      )}
    </Card>
  );
}

const day = (value: string | null) => value && formatDate(value);

function DeviceCard({ home, own, providers }: MeterPageProps) {
  const { meter } = own;
  const source = providers.get(meter.sourceId)?.name;
  return (
    <Card title="О приборе" note={source && `По данным ${source}, ${formatDate(meter.updatedAt, home.house.zone)}`}>
      <DefinitionList
        items={[
          { term: 'Где стоит', value: meter.place && capitalised(meter.place) },
          { term: 'Вид', value: KIND_NAMES[meter.kind] },
          { term: 'Марка и модель', value: [meter.brand, meter.model].filter(Boolean).join(' ') },
          { term: 'Тарифов', value: String(meter.tariffs) },
          ...(Number(meter.ratio) === 1
            ? []
            : [{ term: 'Коэффициент трансформации', value: formatNumber(meter.ratio) }]),
          { term: 'Введён в эксплуатацию', value: day(meter.usedFrom) },
          { term: 'Опломбирован', value: day(meter.sealedOn ?? meter.factorySealedOn) },
          { term: 'Последняя поверка', value: day(meter.verifiedOn) },
          ...(meter.state === 'archived'
            ? []
            : [
                {
                  term: 'Следующая поверка',
                  value: <VerificationStatus verification={verificationAt(home, own)} />,
                },
              ]),
          { term: 'Номер в Домовом', value: meter.number },
        ]}
      />
    </Card>
  );
}
