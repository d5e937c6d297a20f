import { Card, DefinitionList, formatNumericDate, formatPhone, Stack, TypedText } from '../../../../ui/index.ts';
import { AUTHOR_STATES } from '../../appeal.ts';
import { appealPath } from '../../paths.ts';
import { isSentByAuthor } from '../../see-appeal.ts';
import { regimeOf } from '../../term.ts';
import { Statement } from '../write/regime-words.tsx';
import { Files } from './files.tsx';
import type { AppealView } from './read-view.ts';

/** «ИНФОРМАЦИЯ ОБ ОБРАЩЕНИИ» (S-VIEW-3). */
export function AboutAppeal({ view }: { view: AppealView }) {
  const { appeal, files } = view.whole;
  const own = files.filter(({ answerId, eventId }) => answerId === null && eventId === null);
  const isAuthor = view.role === 'author';
  return (
    <Card title="Информация об обращении">
      <DefinitionList
        items={[
          { term: 'Номер обращения', value: appeal.number },
          { term: 'Статус обращения', value: AUTHOR_STATES[appeal.state] },
          { term: 'Дата создания обращения', value: formatNumericDate(appeal.createdAt, appeal.zone) },
          { term: 'Тема обращения', value: topicWords(appeal) },
          { term: 'Адрес дома/территории', value: appeal.address },
          ...(isAuthor ? [{ term: 'Номер помещения', value: appeal.flat }] : []),
          { term: 'Муниципальное образование', value: appeal.municipality },
          { term: 'Текст обращения', value: <TypedText>{appeal.text}</TypedText> },
          {
            term: 'Прикрепленные файлы',
            value:
              own.length > 0 ? (
                <Files
                  label="Прикреплённые файлы"
                  appeal={appeal}
                  files={own}
                  known={view.files}
                  own={isAuthor && own.every((file) => isSentByAuthor(appeal, file))}
                />
              ) : null,
            empty: 'Нет прикрепленных файлов',
          },
        ]}
      />
    </Card>
  );
}

export const topicWords = ({ topicCode, topicName, ownTopic }: AppealView['whole']['appeal']): string =>
  `${/^\d/.test(topicCode) ? `${topicCode}. ` : ''}${topicName}${ownTopic ? `: ${ownTopic}` : ''}`;

/** «ИНФОРМАЦИЯ О ЗАЯВИТЕЛЕ» (S-VIEW-2), with the law that binds those who answer. */
export function AboutApplicant({ view }: { view: AppealView }) {
  const { appeal, parts } = view.whole;
  if (view.role === 'joined')
    return (
      <Card title="Информация о заявителе">
        <p>Обращение написал ваш сосед, вы к нему присоединились. Имя и контакты соседа мы не показываем.</p>
      </Card>
    );
  // Who has passed it on answers no more.
  const answering = parts.filter(({ state }) => state !== 'redirected');
  const regimes = [...new Set(answering.map(({ powerCode }) => regimeOf(powerCode)))];
  return (
    <Card title="Информация о заявителе">
      <Stack>
        {/* The words of the law speak of the address below. */}
        {regimes.map((regime) => (
          <Statement key={regime} regime={regime} />
        ))}
        <DefinitionList
          items={[
            { term: 'Фамилия', value: appeal.familyName },
            { term: 'Имя', value: appeal.givenName },
            { term: 'Отчество', value: appeal.middleName },
            { term: 'E-mail', value: appeal.email },
            { term: 'Номер телефона', value: appeal.phone && formatPhone(appeal.phone) },
            { term: 'Ответ придёт на адрес', value: appeal.answerEmail },
          ]}
        />
      </Stack>
    </Card>
  );
}

/** The appeal that this one continues, and those that continue it. */
export function RelatedAppeals({ view: { parent, children, whole } }: { view: AppealView }) {
  if (!parent && children.length === 0) return null;
  return (
    <Card title="Связанные обращения">
      <ul>
        {parent && (
          <li>
            {whole.appeal.relation === 'escalation'
              ? 'Жалоба на то, как рассмотрели обращение '
              : 'Продолжает обращение '}
            <a href={appealPath(parent)}>№ {parent.number}</a>
          </li>
        )}
        {children.map((child) => (
          <li key={child.appealId}>
            {child.relation === 'escalation' ? 'Подана жалоба: обращение ' : 'Продолжено в обращении '}
            <a href={appealPath(child)}>№ {child.number}</a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
