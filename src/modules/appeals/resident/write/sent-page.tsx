import {
  Actions,
  ButtonLink,
  Copy,
  DefinitionList,
  formatDate,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
} from '../../../../ui/index.ts';
import type { Appeal, Part } from '../../appeal.ts';
import { appealPath } from '../../paths.ts';

interface SentPageProps {
  appeal: Appeal;
  part: Part;
  addressee: string;
  answerEmail: string;
  hasJoined: boolean;
}

/** S-SEND-3: where the answer comes, under what number, by when and by what act. */
export function SentPage({ appeal, part, addressee, answerEmail, hasJoined }: SentPageProps) {
  return (
    <Stack>
      <PageTitle
        lead={`Ответ придёт в личный кабинет и по электронной почте: ${answerEmail}`}
        kicker={hasJoined ? 'Обращение соседа' : 'Готово'}
      >
        {hasJoined ? 'Вы присоединились к обращению' : 'Обращение отправлено'}
      </PageTitle>
      <DefinitionList
        items={[
          {
            term: 'Номер обращения',
            value: <Copy text={appeal.number} what="номер обращения" shown={appeal.number} />,
          },
          { term: 'Адресат', value: addressee },
          {
            term: 'Ответ ожидается',
            value: part.dueOn ? `не позднее ${formatDate(part.dueOn)}` : 'срок не установлен',
          },
          ...(part.dueAt
            ? [{ term: 'Первые меры', value: `до ${formatDateTime(part.dueAt, appeal.zone)} по времени дома` }]
            : []),
          { term: 'По какому правилу', value: part.termSource },
        ]}
      />
      {appeal.emergency && !hasJoined && (
        <Notice tone="warn" title="Если ещё не звонили в аварийную службу, позвоните сейчас">
          Обращение её не заменяет: диспетчер высылает бригаду по звонку.
        </Notice>
      )}
      <Actions>
        <ButtonLink href={appealPath(appeal)}>Открыть обращение</ButtonLink>
        <ButtonLink kind="secondary" href="/appeals">
          Все обращения
        </ButtonLink>
        <ButtonLink kind="quiet" href="/">
          На главную
        </ButtonLink>
      </Actions>
    </Stack>
  );
}
