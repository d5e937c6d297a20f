/**
 * Inserts a template of an answer without asking the server: its text stands in the page, filled in for this appeal. While nobody has
 * changed what was inserted, the same button puts the next template in its place. Without script the button does it by a page.
 */
class AnswerDesk extends HTMLElement {
  #inserted: string | null = null;

  connectedCallback() {
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest('button');
      if (button?.name === 'do' && button.value === 'insert') this.#insert(event);
    });
    this.querySelector('select[name="template"]')?.addEventListener('change', () => {
      this.#chosen = true;
    });
  }

  /** The person has chosen in the list: that one is meant, not the next. */
  #chosen = false;

  #insert(event: Event) {
    const list = this.querySelector<HTMLSelectElement>('select[name="template"]');
    const area = this.querySelector<HTMLTextAreaElement>('textarea[name="text"]');
    if (!list || !area || list.options.length === 0) return;
    event.preventDefault();
    const isUntouched = this.#inserted !== null && area.value === this.#inserted;
    if (isUntouched && !this.#chosen) list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
    this.#chosen = false;
    const option = list.options[list.selectedIndex]!;
    const text = option.dataset.text ?? '';
    area.value = isUntouched || area.value.trim() === '' ? text : `${area.value.trimEnd()}\n\n${text}`;
    this.#inserted = area.value;
    const outcome = this.querySelector<HTMLSelectElement>('select[name="outcome"]');
    if (outcome && option.dataset.outcome) outcome.value = option.dataset.outcome;
    const said = this.querySelector('[data-inserted]');
    if (said) said.textContent = `Вставлен шаблон «${option.text}»`;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
customElements.define('answer-desk', AnswerDesk);
