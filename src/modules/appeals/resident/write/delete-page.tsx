import { Actions, Button, ButtonLink, DialogPage, Form } from '../../../../ui/index.ts';
import type { Draft } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';

/** «Отменить»: the draft is kept by itself, so the author says whether it may go. */
export function DeletePage({ draft, title, token }: { draft: Draft; title: string; token: string }) {
  return (
    <DialogPage title="Удалить черновик?" closeHref={draftPath(draft.draftId)}>
      <p>{title}. Черновик сохранён: его можно дописать и отправить позже. Удалённый черновик вернуть нельзя.</p>
      <Form action={draftPath(draft.draftId, 'delete')} csrf={token} idempotencyKey={draft.draftId}>
        <Actions>
          <Button kind="danger">Удалить черновик</Button>
          <ButtonLink kind="secondary" href="/appeals">
            Оставить черновик
          </ButtonLink>
          <ButtonLink kind="quiet" href={draftPath(draft.draftId)}>
            Вернуться к обращению
          </ButtonLink>
        </Actions>
      </Form>
    </DialogPage>
  );
}
