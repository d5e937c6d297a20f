import { Button, Card, errorOf, Field, type FieldError, Form, formatDateTime, TypedText } from '../../../ui/index.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { formatQueue, pathOf, type QueueQuery } from './queue-query.ts';

interface NotesProps {
  at: AppealAtDesk;
  queue: QueueQuery;
  token: string;
  errors: readonly FieldError[];
  text: string;
}

/** What the staff says among itself. Apart from all that the author can see, also to the eye. */
export function Notes({ at: { whole, part, notes }, queue, token, errors, text }: NotesProps) {
  return (
    <Card
      title="Внутренние заметки"
      note="Видит только ваша организация. Автор их не увидит никогда."
      tone="tint"
      id="notes"
    >
      {notes.map((note) => (
        <div class="note" key={note.noteId}>
          <p class="quiet">
            {note.personName}, {formatDateTime(note.at, whole.appeal.zone)}
          </p>
          <TypedText>{note.text}</TypedText>
        </div>
      ))}
      <Form
        action={pathOf(whole.appeal, 'notes')}
        csrf={token}
        hidden={{ part: part.partId, from: formatQueue(queue) }}
        label="Заметка"
      >
        <Field
          kind="text"
          name="note"
          label="Новая заметка"
          rows={3}
          maxLength={4000}
          value={text}
          error={errorOf(errors, 'note')}
        />
        <Button kind="secondary">Добавить заметку</Button>
      </Form>
    </Card>
  );
}
