import { ATTACHMENT_ACCEPT, ATTACHMENT_WORDS } from '../../../platform/attachments/index.ts';
import { Button, Card, errorOf, Field, type FieldError, FileUpload, Form } from '../../../ui/index.ts';
import type { Answer } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { SIGNATURE_ACCEPT, SIGNATURE_TYPE } from '../receive-signature.ts';
import { ANSWER_FORM } from './answer-form.tsx';
import { Files } from './files.tsx';
import { formatQueue, pathOf, type QueueQuery } from './queue-query.ts';

interface AnswerFilesProps {
  at: AppealAtDesk;
  draft: Answer | null;
  queue: QueueQuery;
  token: string;
  errors: readonly FieldError[];
}

/** How many files one form brings. */
export const MOST_FILES = 10;

/**
 * Files of the answer that is written. Without script they go with the form of the answer, and its words are saved first; with script the
 * words are saved before the form of files leads away. A signature goes to a file that is here already.
 */
export function AnswerFiles({ at, draft, queue, token, errors }: AnswerFilesProps) {
  const { whole, part, files } = at;
  const own = draft ? whole.files.filter(({ answerId }) => answerId === draft.answerId) : [];
  const signable = own.filter(({ mediaType }) => mediaType !== SIGNATURE_TYPE);
  const hidden = { part: part.partId, from: formatQueue(queue), ...(draft && { answer: draft.answerId }) };
  return (
    <Card title="Файлы ответа" level={3} id="files">
      <Files
        label="Файлы ответа"
        of={whole.appeal}
        shown={own}
        files={files}
        action={(file) => (
          <Form
            action={pathOf(whole.appeal, 'answer/files/remove')}
            csrf={token}
            hidden={{ ...hidden, file: file.fileId }}
            label={`Удаление файла ${file.name}`}
          >
            <Button kind="quiet" icon="trash-2">
              Убрать
            </Button>
          </Form>
        )}
      />
      <Form action={pathOf(whole.appeal, 'answer/files')} csrf={token} files hidden={hidden} label="Файлы к ответу">
        <FileUpload
          name="files"
          label="Приложить файлы"
          hint={ATTACHMENT_WORDS}
          accept={ATTACHMENT_ACCEPT}
          most={MOST_FILES}
          error={errorOf(errors, 'files')}
          sends
          withForm={ANSWER_FORM}
        />
        <Button
          kind="secondary"
          icon="paperclip"
          form={ANSWER_FORM}
          formAction={pathOf(whole.appeal, 'answer/files')}
          formEncType="multipart/form-data"
        >
          Приложить
        </Button>
      </Form>
      {signable.length > 0 && (
        <details open={errors.some(({ field }) => field === 'signature' || field === 'signsFileId')}>
          <summary>Приложить электронную подпись к файлу</summary>
          <Form
            action={pathOf(whole.appeal, 'answer/signature')}
            csrf={token}
            files
            hidden={hidden}
            label="Подпись к файлу"
          >
            <Field
              kind="choice"
              as="select"
              name="signsFileId"
              label="Какой файл подписан"
              options={signable.map(({ fileId, name }) => ({ value: fileId, label: name }))}
              error={errorOf(errors, 'signsFileId')}
            />
            <Field
              kind="file"
              name="signature"
              label="Файл отсоединённой подписи"
              hint="SIG или P7S. Действительность подписи мы не проверяем"
              accept={SIGNATURE_ACCEPT}
              error={errorOf(errors, 'signature')}
            />
            <Button kind="secondary">Приложить подпись</Button>
          </Form>
        </details>
      )}
    </Card>
  );
}
