import { formatDate, formatDateTime, formatNumericDate, formatPhone, Notice, plural } from '../../../../ui/index.ts';
import { AUTHOR_STATES } from '../../appeal.ts';
import type { Draft } from '../../draft.ts';
import { appealPath } from '../../paths.ts';
import type { SimilarAppeal } from '../../queries/similar-appeals.ts';
import type { Term } from '../../term.ts';

const PHONE_SIGNS = /[^+0-9]/g;
const PhoneLink = ({ phone }: { phone: string }) => (
  <a class="nowrap" href={`tel:${phone.replace(PHONE_SIGNS, '')}`}>
    {formatPhone(phone)}
  </a>
);

/** An appeal waits for days; water on the ceiling does not. */
export function EmergencyNotice({ dispatcher }: { dispatcher: { name: string; phone: string } | null }) {
  return (
    <Notice tone="danger" title="Сначала позвоните">
      <p>
        {dispatcher ? (
          <>
            Аварийно-диспетчерская служба, {dispatcher.name}: <PhoneLink phone={dispatcher.phone} />.{' '}
          </>
        ) : (
          'Телефон аварийно-диспетчерской службы вашего дома напечатан в квитанции. '
        )}
        Угроза жизни: <PhoneLink phone="112" />, запах газа: <PhoneLink phone="104" />.
      </p>
      <p>Обращение отправьте после звонка: по нему видно, когда вы сообщили о беде.</p>
    </Notice>
  );
}

/** By when the answer is due and why (S-VIEW-7 says the same after sending). */
export function TermWords({ term, zone }: { term: Term; zone?: string }) {
  return (
    <p>
      {term.dueOn ? (
        <>
          {/* The date ends with «г.»: a full stop of the sentence would be a second one. */}
          Если отправить сейчас, ответ ожидается не позднее <b>{formatDate(term.dueOn)}</b>
          {term.dueAt && zone ? `, первые меры — до ${formatDateTime(term.dueAt, zone)}` : ''}{' '}
        </>
      ) : null}
      <span class="quiet">{term.source}</span>
    </p>
  );
}

export const neighbours = (joined: number): string =>
  joined === 0
    ? 'отправил сосед'
    : `отправил сосед, ${plural(joined, ['присоединился', 'присоединились', 'присоединились'])} ещё ${joined}`;

/** What a neighbour may know of it: the topic, the day, the state, how many. */
export const similarWords = ({ sentAt, state, joined, own }: SimilarAppeal, zone: string): string =>
  [
    own ? 'ваше обращение' : neighbours(joined),
    formatNumericDate(sentAt, zone),
    AUTHOR_STATES[state].toLowerCase(),
  ].join(', ');

/** Of the same topic nobody may have written: then it is said of the house, and nothing is said to be the same. */
export const similarTitle = (similar: readonly SimilarAppeal[], draft: Draft): string => {
  if (draft.isTerritory) return 'Об этом месте уже писали';
  return similar.some(({ sameTopic }) => sameTopic) ? 'О таком в этом доме уже писали' : 'Из этого дома уже писали';
};

export function SimilarNotice({ similar, draft }: { similar: readonly SimilarAppeal[]; draft: Draft }) {
  const [first, ...rest] = similar;
  if (!first) return null;
  const zone = 'Europe/Moscow';
  return (
    <Notice title={similarTitle(similar, draft)}>
      <ul>
        {[first, ...rest].map((one) => (
          <li key={one.appealId}>
            {one.own || one.hasJoined ? <a href={appealPath(one)}>{one.topicName}</a> : one.topicName}:{' '}
            {similarWords(one, zone)}
          </li>
        ))}
      </ul>
      <p>Перед отправкой можно будет присоединиться к открытому обращению вместо того, чтобы писать новое.</p>
    </Notice>
  );
}
