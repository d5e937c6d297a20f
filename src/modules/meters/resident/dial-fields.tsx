import type { FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import {
  errorOf,
  Field,
  FieldGroup,
  fieldId,
  formatDate,
  formatDayMonth,
  formatMonth,
  monthWord,
  Notice,
  Status,
} from '../../../ui/index.ts';
import { forecastMissing } from '../forecast.ts';
import { DELIVERY_WORDS, RESOURCE_NAMES, UNIT_FACTORS } from '../meter.ts';
import type { OwnMeter, OwnResource } from '../present-meter.ts';
import type { OwnHome, OwnMeters } from '../read-own-meters.ts';
import { timesExactly } from '../volume.ts';
import { Asked, type OpenDial, PhotoEntry } from './open-dial.tsx';
import { type Dial, dialOf, TARIFFS, valueField } from './reading-fields.ts';
import {
  capitalised,
  deadlineOf,
  defaultUnitOf,
  forecastText,
  nameOf,
  sourceText,
  unitOf,
  usedText,
  valuesText,
} from './words.ts';

export interface DialProps {
  home: OwnHome;
  own: OwnMeter;
  one: OwnResource;
  providers: OwnMeters['providers'];
  typed: Typed;
  errors: readonly FieldError[];
  open: OpenDial | undefined;
}

/** One dial of the form: what stood before, the fields, what it means; or that it was sent and what became of it. */
export function DialFields(props: DialProps) {
  const { home, own, one, errors, open } = props;
  const dial = dialOf(own, one);
  const broken = own.meter.state === 'broken' ? own.meter.brokenOn : null;
  const touched = open !== undefined || errors.some(({ field }) => field.endsWith(`${dial.meterId}.${dial.resource}`));
  return (
    <div class="dial" data-dial={JSON.stringify(countingOf(props))}>
      <FieldGroup legend={<DialName {...props} />}>
        <Before {...props} />
        <Declined {...props} />
        {broken ? (
          <Notice tone="warn" title={`Прибор неисправен с ${formatDate(broken)}`}>
            Показания с этого дня не учитываются: начисляют по среднему, потом по нормативу. Чтобы платить по прибору,
            замените его и сообщите организации.
          </Notice>
        ) : one.current && !touched ? (
          <Sent {...props} />
        ) : (
          <>
            {one.current && <SentWords {...props} />}
            <Entry {...props} dial={dial} />
          </>
        )}
        {!broken && <Late home={home} own={own} one={one} />}
      </FieldGroup>
    </div>
  );
}

/** A number stays on one line where it fits: it is compared with the one on the device. */
const DialName = ({ own: { meter }, one }: DialProps) => (
  <>
    {RESOURCE_NAMES[one.resource]}, прибор{' '}
    <span class="serial">
      №{'\u00a0'}
      {meter.serial}
    </span>
  </>
);

/** Where it hangs, and the value before with its day and source. */
function Before({ own: { meter }, one, providers }: DialProps) {
  const { previous, counting } = one;
  return (
    <p class="quiet-line">
      {meter.place && `${capitalised(meter.place)}. `}
      {previous
        ? `Прошлое показание ${valuesText(previous, counting.unit)}, ${formatDate(previous.takenOn)}, ${sourceText(previous, providers)}.`
        : counting.givesVolume
          ? 'Прибор показывает расход за месяц.'
          : 'Прошлого показания нет: это будет первое.'}
    </p>
  );
}

/** A value that was refused is said where the next one is typed. */
function Declined({ one: { declined, counting }, providers }: DialProps) {
  if (!declined) return null;
  const { reading, reasons } = declined;
  return (
    <Notice tone="danger" title={`Показание ${valuesText(reading, counting.unit)} отклонено`}>
      {reasons.map(({ providerId, reason }) => (
        <p key={providerId}>
          {nameOf(providerId, providers)}: {reason}
        </p>
      ))}
      <p>Проверьте прибор и передайте показание заново.</p>
    </Notice>
  );
}

function Entry(props: DialProps & { dial: Dial }) {
  const { own, one, typed, errors, open, dial } = props;
  const { tariffs } = own.meter;
  return (
    <>
      <div class="dial__values">
        {TARIFFS.slice(0, tariffs).map((tariff, index) => {
          const field = valueField(tariff, dial);
          return (
            <Field
              key={field}
              kind="number"
              name={field}
              label={tariffs > 1 ? `Т${index + 1}, новое показание` : 'Новое показание'}
              unit={unitOf(one.counting.unit)}
              value={typed[field]}
              error={errorOf(errors, field)}
            />
          );
        })}
      </div>
      <output
        class="dial__sum"
        for={TARIFFS.slice(0, tariffs)
          .map((tariff) => fieldId(valueField(tariff, dial)))
          .join(' ')}
      />
      {open && open.questions.length > 0 && <Asked open={open} dial={dial} />}
      <PhotoEntry {...{ dial, errors, open }} />
    </>
  );
}

/** Sent this month already: what, what it means, what became of it; it may be corrected until the window closes. */
function Sent(props: DialProps) {
  const { own, one, home } = props;
  const deadline = deadlineOf(own.takings, home.today);
  return (
    <>
      <SentWords {...props} />
      <details class="dial__more">
        <summary>Изменить{deadline && ` (можно по ${formatDayMonth(deadline)})`}</summary>
        <Entry {...props} dial={dialOf(own, one)} />
      </details>
    </>
  );
}

function SentWords({ one, own, providers }: DialProps) {
  const { current, used, resource, counting, tariff, deliveries } = one;
  if (!current) return null;
  return (
    <div class="dial__sent">
      <p>
        {deliveries.some(({ state }) => state === 'declined') ? (
          <Status tone="warn">За {monthWord(own.period)} принято не всеми</Status>
        ) : (
          <Status tone="good">За {monthWord(own.period)} передано</Status>
        )}
      </p>
      <p>
        <b>{valuesText(current, counting.unit)}</b>, {formatDayMonth(current.takenOn)}, {sourceText(current, providers)}
        .{used && ` Расход ${usedText(used, resource, tariff)}.`}
      </p>
      {deliveries.length > 0 && (
        <ul>
          {deliveries.map(({ providerId, period, state, reason }) => (
            <li key={providerId}>
              {nameOf(providerId, providers)}: {DELIVERY_WORDS[state]}
              {state === 'declined' ? `. ${reason}` : `, квитанция за ${formatMonth(period)}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What a month without a reading costs, in figures where they are known. */
function Late({ home, own, one }: Pick<DialProps, 'home' | 'own' | 'one'>) {
  const deadline = deadlineOf(own.takings, home.today);
  const { verifyBy } = own.meter;
  if (verifyBy && verifyBy < home.today)
    return (
      <Notice tone="warn" title={`Поверка прибора закончилась ${formatDate(verifyBy)}`}>
        <p>
          Показания после этого дня организация не учитывает. Поверьте или замените прибор.{' '}
          <a href={`/meters/${own.houseId}/${own.meter.meterId}`}>Что это значит для начислений</a>
        </p>
      </Notice>
    );
  if (one.current || !deadline) return null;
  const forecast = forecastMissing(one, own.period, home.estimate);
  return (
    <p class="quiet-line">
      Если не передать по {formatDayMonth(deadline)}, за {monthWord(own.period)} начислят{' '}
      {forecast ? forecastText(forecast, one.resource) : 'по среднему расходу или по нормативу'}.
    </p>
  );
}

/** What the page's script needs to say consumption and price while one types. */
const countingOf = ({ own: { meter }, one: { counting, previous, tariff, resource } }: DialProps) => ({
  last: previous && [previous.t1, previous.t2, previous.t3].slice(0, meter.tariffs),
  whole: counting.givesVolume,
  factor: timesExactly(counting.ratio, UNIT_FACTORS[resource][counting.unit] ?? '1'),
  digits: counting.digits,
  unit: defaultUnitOf(resource),
  each: tariff?.each ?? null,
  month: tariff && formatMonth(tariff.period),
});
