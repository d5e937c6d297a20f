import type { Typed } from '../../../platform/http/forms.ts';
import type { FileId } from '../../../platform/ids.ts';
import {
  Actions,
  ButtonLink,
  Card,
  type FieldError,
  formatDate,
  Notice,
  PageTitle,
  PrintButton,
  Stack,
  Status,
} from '../../../ui/index.ts';
import type { Overseen } from './open-overseen.ts';
import { OWN } from './purposes.ts';
import { RequestsCard } from './requests-card.tsx';
import { overseenPath, territoryPath } from './territory-query.ts';
import { Answers, AppealText, Changes, PartsTable, type WholeProps } from './whole-file.tsx';

export interface FilePageProps {
  overseen: Overseen;
  /** For what it is open, in words. */
  purpose: string;
  /** Whom information may be asked of, the likeliest first. */
  candidates: readonly { value: string; label: string }[];
  find: string;
  foundNothing: boolean;
  houseIsHere: boolean;
  justAsked: boolean;
  sent: Typed;
  errors: readonly FieldError[];
  token: string;
  formKey: string;
}

/** The whole file of an appeal, to be read and printed; what it continues and what has grown out of it; requests. */
export function FilePage(props: FilePageProps) {
  const { overseen, purpose, houseIsHere, justAsked } = props;
  const { whole, parent, names, files } = overseen;
  const { appeal } = whole;
  const fileHref = (fileId: FileId) => overseenPath(appeal, `files/${fileId}`);
  const file: WholeProps = { whole, names, files, fileHref };
  const about = purpose === OWN ? OWN : `Открыто с целью «${purpose}»`;
  return (
    <Stack>
      <PageTitle
        kicker={`Обращение № ${appeal.number}`}
        lead={`${appeal.address}. ${about}, запись в журнале сделана.`}
        actions={
          <Actions>
            <ButtonLink kind="secondary" href={territoryPath({ house: appeal.houseId })}>
              Все по этому дому
            </ButtonLink>
            <PrintButton />
          </Actions>
        }
      >
        {appeal.ownTopic || appeal.topicName}
      </PageTitle>
      {justAsked && (
        <Notice tone="good" announce title="Запрос отправлен">
          Организация увидит его в своей очереди и получит письмо.
        </Notice>
      )}
      <Linked {...props} />
      <AppealText {...file} />
      {appeal.fiasGuid && (
        <p>
          <Status tone={houseIsHere ? 'good' : 'warn'}>
            {houseIsHere ? 'Дом есть в системе' : 'Дома нет в системе'}
          </Status>{' '}
          <a href={`/find?address=${appeal.fiasGuid}`}>Кто обслуживает дом</a>
        </p>
      )}
      <PartsTable {...file} />
      <Card title="Ответы на обращение">
        <Answers {...file} of="appeal" empty="Ответов ещё нет." />
      </Card>
      {parent && <Before {...file} whole={parent} />}
      <RequestsCard {...props} file={file} />
      <Card title="Изменения по обращению">
        <Changes {...file} />
      </Card>
    </Stack>
  );
}

/** What came out of the appeal: complaints and new questions, each with its page. */
function Linked({ overseen: { children } }: FilePageProps) {
  if (children.length === 0) return null;
  return (
    <Card title="Что было дальше">
      <ul>
        {children.map((child) => (
          <li key={child.appealId}>
            {child.relation === 'escalation' ? 'Жалоба на ответ' : 'Новый вопрос'}{' '}
            <a href={overseenPath(child)}>№ {child.number}</a> от {formatDate(child.sentAt, child.zone)}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The appeal that this one follows, with its answers and its whole history. */
function Before(file: WholeProps) {
  const { appeal } = file.whole;
  return (
    <Stack>
      <h2>
        Прежнее обращение № {appeal.number} от {formatDate(appeal.sentAt, appeal.zone)}
      </h2>
      <AppealText {...file} />
      <PartsTable {...file} />
      <Card title="Ответы на прежнее обращение">
        <Answers {...file} of="appeal" empty="Ответа не было." />
      </Card>
      <Card title="Изменения по прежнему обращению">
        <Changes {...file} />
      </Card>
    </Stack>
  );
}
