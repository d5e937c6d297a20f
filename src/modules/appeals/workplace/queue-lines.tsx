import { Button, errorOf, Field, Form, Table } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { pickField } from './assignment.ts';
import { lineColumns } from './lines.tsx';
import type { QueuePageProps } from './queue-page.tsx';
import { DESK, formatQueue, queuePath } from './queue-query.ts';

/** The rows; where there is something to assign, with boxes to pick them by. */
export function Lines(props: QueuePageProps) {
  const { queue, after, lines, now, token, allPicked, sent } = props;
  const columns = lineColumns(queue, now);
  if (queue.view === 'answered')
    return (
      <Table
        caption="Рассмотренные обращения"
        captionHidden
        rows={lines}
        rowKey={(line) => line.deskId}
        {...{ columns }}
      />
    );
  const isPicked = (line: DeskLine) => allPicked || sent[pickField(line)] !== undefined;
  return (
    <Form
      action={`${DESK}/assign`}
      csrf={token}
      label="Назначение исполнителя"
      hidden={{ from: formatQueue(queue), after }}
      wide
    >
      <Assign {...props} />
      <Table
        caption="Обращения по сроку ответа"
        captionHidden
        rows={lines}
        rowKey={(line) => line.deskId}
        columns={[
          {
            key: 'pick',
            title: 'Отметка',
            cell: (line) => (
              <label class="pick">
                <input type="checkbox" name={pickField(line)} value="1" checked={isPicked(line)} />
                <span class="visually-hidden">Отметить № {line.number}</span>
              </label>
            ),
          },
          ...columns,
        ]}
      />
    </Form>
  );
}

function Assign({ queue, after, employees, personId, allPicked, errors, sent }: QueuePageProps) {
  const own = employees.filter((one) => one.personId === personId);
  const options = [...own, ...employees.filter((one) => one.personId !== personId)].map((one) => ({
    value: one.personId,
    label: one.personId === personId ? `${one.name} (вы)` : one.name,
  }));
  const more = { ...(after && { after }), ...(!allPicked && { all: '1' }) };
  return (
    <div class="bulk">
      <a class="bulk__all" href={queuePath(queue, more)} data-pick-all={allPicked ? 'off' : 'on'}>
        {allPicked ? 'Снять отметки' : 'Отметить все на странице'}
      </a>
      <div class="bulk__key" data-key="a">
        <Field
          kind="choice"
          as="select"
          name="assignee"
          label="Исполнитель отмеченных"
          placeholder="Выберите"
          options={options}
          value={sent.assignee ?? ''}
          error={errorOf(errors, 'assignee')}
        />
      </div>
      <Field
        kind="date"
        name="plannedOn"
        label="Ответить к (план)"
        hint="Необязательно, ДД.ММ.ГГГГ"
        hintHidden
        value={sent.plannedOn ?? ''}
        error={errorOf(errors, 'plannedOn')}
      />
      <Button icon="user">Назначить</Button>
    </div>
  );
}
