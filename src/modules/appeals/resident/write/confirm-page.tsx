import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DefinitionList,
  DialogPage,
  ErrorSummary,
  Form,
  Stack,
  TypedText,
} from '../../../../ui/index.ts';
import { appealPath } from '../../paths.ts';
import type { SimilarAppeal } from '../../queries/similar-appeals.ts';
import { draftPath } from './draft-paths.ts';
import { EmergencyNotice, similarTitle, similarWords, TermWords } from './notices.tsx';
import type { FormView } from './read-form.ts';

interface ConfirmPageProps {
  view: FormView;
  errors: readonly FieldError[];
  formKey: string;
  token: string;
}

/** «Подтверждение» (S-SEND-1, S-SEND-2): what is sent, whom to, by when; neighbours' appeals to join instead. Only «Да» sends. */
export function ConfirmPage({ view, errors, formKey, token }: ConfirmPageProps) {
  const { draft, topic, addressee, files, zone } = view;
  const back = draftPath(draft.draftId);
  // What is not of the same topic must not stand between «Отправить» and «Да».
  const isSame = draft.isTerritory || view.similar.some(({ sameTopic }) => sameTopic);
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      {view.emergency && <EmergencyNotice dispatcher={view.emergency.dispatcher} />}
      {isSame && <Similar view={view} token={token} />}
      <DialogPage title="Подтверждение" closeHref={back}>
        <p>
          Убедитесь, что данные верны: <b>после отправки изменить обращение нельзя</b>. Отправить обращение?
        </p>
        <DefinitionList
          items={[
            { term: 'Адресат', value: addressee?.name },
            { term: 'Тема', value: draft.ownTopic || topic?.name },
            {
              term: 'Адрес',
              value: [draft.address, draft.flat && `помещение ${draft.flat}`].filter(Boolean).join(', '),
            },
            { term: 'Ответ придёт', value: `в личный кабинет и на ${draft.answerEmail}` },
            {
              term: 'Файлы',
              value: files.length > 0 ? counted(files.length, ['файл', 'файла', 'файлов']) : 'Нет прикрепленных файлов',
            },
          ]}
        />
        <details>
          <summary>Текст обращения</summary>
          <TypedText>{draft.text}</TypedText>
        </details>
        {addressee && <TermWords term={addressee.term} zone={zone} />}
        <Form
          action={draftPath(draft.draftId, 'send')}
          csrf={token}
          idempotencyKey={formKey}
          hidden={{ version: String(draft.version) }}
        >
          <Actions>
            <Button wide>Да</Button>
            <ButtonLink kind="secondary" href={back}>
              Нет
            </ButtonLink>
          </Actions>
        </Form>
      </DialogPage>
      {!isSame && <Similar view={view} token={token} />}
    </Stack>
  );
}

function Similar({ view: { similar, draft, zone }, token }: { view: FormView; token: string }) {
  if (similar.length === 0) return null;
  return (
    <Card
      title={similarTitle(similar, draft)}
      note="Присоединитесь, если это о том же: ответ придёт и вам, а обращение многих весомее"
    >
      <Form action={draftPath(draft.draftId, 'join')} csrf={token} wide>
        <ul class="plain-list">
          {similar.map((one) => (
            <li key={one.appealId} class="similar">
              <div>
                <b>{one.topicName}</b>
                <br />
                <span class="quiet">{similarWords(one, zone)}</span>
              </div>
              <JoinButton one={one} />
            </li>
          ))}
        </ul>
      </Form>
    </Card>
  );
}

function JoinButton({ one }: { one: SimilarAppeal }) {
  if (one.own || one.hasJoined)
    return <a href={appealPath(one)}>{one.own ? 'Открыть своё обращение' : 'Вы присоединились'}</a>;
  if (one.state === 'executed') return <span class="quiet">Ответ уже дан</span>;
  if (one.state === 'outside') return <span class="quiet">Передано вне системы</span>;
  return (
    <Button kind="secondary" icon="users" name="appeal" value={`${one.houseId}.${one.appealId}`}>
      Присоединиться
      <span class="visually-hidden">: {one.topicName}</span>
    </Button>
  );
}
