import { daysBetween } from '../../../platform/month.ts';
import { counted, formatNumber, Notice, Status } from '../../../ui/index.ts';
import { forecastUnfit, type LapseForecast } from '../forecast.ts';
import type { Resource } from '../meter.ts';
import type { OwnMeter } from '../present-meter.ts';
import type { OwnHome } from '../read-own-meters.ts';
import { dialName, forecastText, type Verification, verificationOf } from './words.ts';

export const verificationAt = ({ today, warnDays }: OwnHome, { meter }: OwnMeter): Verification =>
  verificationOf(meter.verifyBy, today, meter.verifyBy ? daysBetween(today, meter.verifyBy) : 0, warnDays);

/** The next verification: a word with a sign, so that it is not told by colour alone. */
export const VerificationStatus = ({ verification }: { verification: Verification }) => (
  <Status tone={verification.tone}>{verification.words}</Status>
);

/** What is charged a month once readings do not count, by the rules, in figures where they are known. */
function lapseText({ average, periods, norm, multiplier }: LapseForecast, resource: Resource, past: boolean): string {
  const raised = multiplier ? ` с коэффициентом ${formatNumber(multiplier)}` : '';
  const first = average ? forecastText(average, resource) : 'по среднему расходу';
  const later = norm
    ? `${forecastText(norm, resource).replace('нормативу', `нормативу${raised}`)}`
    : `по нормативу${raised}`;
  const start = past ? 'С тех пор' : 'Тогда';
  if (!average && norm) return `${start} начисляют ${later} в месяц.`;
  const months = counted(periods, ['месяца', 'месяцев', 'месяцев']);
  return `${start} не больше ${months} начисляют ${first} в месяц, потом ${later} в месяц.`;
}

/** What the end of the verification costs and what to do, for devices that come near it. */
export function LapseNotice({ home, own }: { home: OwnHome; own: OwnMeter }) {
  const verification = verificationAt(home, own);
  if (!verification.warns || own.meter.state === 'archived') return null;
  const past = verification.tone === 'danger';
  const [first] = own.resources;
  if (!first) return null;
  return (
    <Notice
      tone={past ? 'danger' : 'warn'}
      title={`${dialName(own.meter, first.resource)}: поверка ${verification.words}`}
    >
      <p>
        {past ? 'Показания больше не учитываются. ' : 'После этого дня показания не учитываются. '}
        {own.resources
          .map((one) => lapseText(forecastUnfit(one, own.period, home.estimate, 'verification'), one.resource, past))
          .join(' ')}
      </p>
      <p>
        Закажите поверку у аккредитованной организации или замените прибор и передайте документ тому, кто начисляет
        плату. Поверка делается без снятия или со снятием прибора, её срок указан в паспорте.
      </p>
    </Notice>
  );
}
