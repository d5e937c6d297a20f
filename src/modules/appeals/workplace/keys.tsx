import type { ComponentChildren } from 'preact';
import { Table } from '../../../ui/index.ts';

interface Key {
  keys: string;
  does: string;
}

export const QUEUE_KEYS: readonly Key[] = [
  { keys: 'j или ↓', does: 'к следующему обращению' },
  { keys: 'k или ↑', does: 'к предыдущему' },
  { keys: 'o или Enter', does: 'открыть обращение' },
  { keys: 'x', does: 'отметить или снять отметку' },
  { keys: 'a', does: 'назначить отмеченные: перейти к выбору исполнителя' },
  { keys: '/', does: 'искать' },
];

export const APPEAL_KEYS: readonly Key[] = [
  { keys: 't', does: 'вставить шаблон ответа; ещё раз — следующий шаблон' },
  { keys: 'r', does: 'писать ответ' },
  { keys: 'Ctrl + Enter', does: 'отправить ответ и открыть следующее обращение (работает и в поле)' },
  { keys: 'Esc', does: 'выйти из поля' },
  { keys: 'n', does: 'к следующему обращению без ответа' },
  { keys: 'a', does: 'назначить исполнителя' },
  { keys: 'u', does: 'к очереди' },
  { keys: '/', does: 'искать' },
];

/**
 * The keys of a page. They work outside fields only, by the place of a key on the keyboard, so that the Russian layout has the same ones;
 * whoever is hindered by them turns them off (WCAG 2.1.4).
 */
export function Keys({ keys, children }: { keys: readonly Key[]; children: ComponentChildren }) {
  return (
    <desk-keys>
      {children}
      <dialog class="dialog" id="keys" aria-labelledby="keys-title">
        <div class="dialog__head">
          <h2 class="dialog__title" id="keys-title">
            Клавиши
          </h2>
          <form method="dialog">
            <button type="submit" class="button button--quiet">
              Закрыть
            </button>
          </form>
        </div>
        <Table
          caption="Клавиши этой страницы"
          captionHidden
          rows={[...keys, { keys: '?', does: 'показать этот список' }]}
          rowKey={(key) => key.keys}
          columns={[
            { key: 'keys', title: 'Клавиша', heading: true, cell: (key) => <kbd>{key.keys}</kbd> },
            { key: 'does', title: 'Что делает', cell: (key) => key.does },
          ]}
        />
        <p>
          <label class="pick pick--wide">
            <input type="checkbox" data-keys-switch checked /> Клавиши включены
          </label>
        </p>
      </dialog>
    </desk-keys>
  );
}

/** Where script works, the way to the list of keys for those who do not know «?» yet. */
export const KeysHint = () => (
  <p class="keys-hint" hidden data-keys-hint>
    <button type="button" class="button button--quiet" data-key="?">
      <span>
        Клавиши: <kbd>?</kbd>
      </span>
    </button>
  </p>
);
