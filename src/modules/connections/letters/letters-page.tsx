import type { Typed } from '../../../platform/http/forms.ts';
import {
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { AccountCard } from '../../accounts/index.ts';
import { MOST_LETTERS } from './make-letters.ts';

interface LettersPageProps {
  houseId: string;
  /** Null: all accounts of the house. */
  account: AccountCard | null;
  address: string;
  purposes: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
  sent: Typed;
  token: string;
}

export function LettersPage({ houseId, account, address, purposes, errors, sent, token }: LettersPageProps) {
  const action = `/work/houses/${houseId}/letters${account ? `?account=${account.accountId}` : ''}`;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker={account ? `Лицевой счёт ${account.number}` : address}
        lead="Файл PDF: письмо на лист, адрес в окне конверта E65. Имени плательщика в письме нет."
      >
        {account ? 'Письмо с одноразовым кодом' : 'Письма с одноразовыми кодами'}
      </PageTitle>
      <Card
        title="Перед печатью"
        note="Коды есть только в этом файле. Сделаете файл ещё раз — прежние письма перестанут действовать."
      >
        <Form action={action} csrf={token} marksRequired>
          <Field
            kind="choice"
            as="radio"
            name="purpose"
            label="Для чего"
            required
            options={Object.entries(purposes).map(([value, label]) => ({ value, label }))}
            value={sent.purpose}
            error={errorOf(errors, 'purpose')}
          />
          <Field
            kind="text"
            name="note"
            label="Пояснение"
            hint="Житель прочтёт его в «Кто смотрел мои данные»"
            maxLength={200}
            value={sent.note}
            error={errorOf(errors, 'note')}
          />
          {!account && (
            <Field
              kind="text"
              name="after"
              label="Начать после лицевого счёта"
              hint={`В файле не больше ${MOST_LETTERS} писем. Для следующих введите последний номер прежнего файла.`}
              maxLength={60}
              value={sent.after}
            />
          )}
          <Button icon="printer">Сделать PDF</Button>
        </Form>
      </Card>
    </Stack>
  );
}
