import {
  Button,
  Card,
  DefinitionList,
  ErrorSummary,
  Field,
  Form,
  formatNumericDate,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { stateWord } from '../workplace/words.tsx';
import { PURPOSES } from './purposes.ts';
import { overseenPath, ZONE } from './territory-query.ts';

/** Asked before somebody else's matter is shown. The answer stands in the address and goes to the journal. */
export function PurposePage({ line, wrong }: { line: DeskLine; wrong: boolean }) {
  const message = wrong ? 'Выберите, для чего открываете обращение' : undefined;
  return (
    <Stack>
      <PageTitle
        kicker={`Обращение № ${line.number}`}
        lead="Обращение адресовано не вам: в нём имя, телефон и дела жителя. Журнал запишет, кто его открыл и для чего."
      >
        {line.topicName}
      </PageTitle>
      <ErrorSummary errors={message ? [{ field: 'purpose', message }] : []} />
      <Card title="Что известно без открытия">
        <DefinitionList
          items={[
            { term: 'Адрес', value: line.address },
            { term: 'Кто отвечает', value: line.addresseeName },
            { term: 'Отправлено', value: formatNumericDate(line.receivedAt, ZONE) },
            { term: 'Состояние', value: stateWord(line.state) },
          ]}
        />
      </Card>
      <Card title="Для чего вы открываете обращение">
        <Form action={overseenPath(line)} method="get" hidden={{ open: '1' }} label="Цель">
          <Field
            kind="choice"
            as="radio"
            name="purpose"
            label="Цель"
            required
            error={message}
            options={Object.entries(PURPOSES).map(([value, label]) => ({ value, label }))}
          />
          <Button>Открыть</Button>
        </Form>
      </Card>
    </Stack>
  );
}
