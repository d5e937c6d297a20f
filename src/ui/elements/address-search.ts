/**
 * Hints under the address line while one types: a combobox with a list (arrows, Enter, Escape). Without script, or when the
 * network fails, «Найти» does the same by a page. A choice follows its link, or is kept in a hidden input of the form.
 */
interface Hint {
  id: string;
  label: string;
  hint?: string;
  href?: string;
}

const PAUSE = 180;
const SHORTEST = 2;

class AddressSearch extends HTMLElement {
  #input!: HTMLInputElement;
  #list = document.createElement('ul');
  #said = document.createElement('p');
  #hints: Hint[] = [];
  #at = -1;
  #timer = 0;
  #request: AbortController | null = null;

  connectedCallback() {
    const input = this.querySelector('input');
    if (!input || this.contains(this.#list)) return;
    this.#input = input;
    this.#list.id = `${input.id}-hints`;
    this.#list.className = 'hints';
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', 'Подсказки адреса');
    this.#list.hidden = true;
    this.#said.className = 'visually-hidden';
    this.#said.setAttribute('role', 'status');
    for (const [name, value] of Object.entries({
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': this.#list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.after(this.#list);
    this.append(this.#said);
    input.addEventListener('input', () => this.#typed());
    input.addEventListener('keydown', (event) => this.#pressed(event));
    input.addEventListener('blur', () => this.#close());
    // mousedown, not click: the blur of the line would close the list first.
    this.#list.addEventListener('mousedown', (event) => {
      event.preventDefault();
      const row = (event.target as Element).closest('li');
      if (row) this.#choose([...this.#list.children].indexOf(row));
    });
  }

  #typed() {
    this.querySelector(`input[type=hidden][name="${this.#choiceName}"]`)?.remove();
    clearTimeout(this.#timer);
    const text = this.#input.value.trim();
    if (text.length < SHORTEST) return this.#close();
    this.#timer = window.setTimeout(() => this.#ask(text), PAUSE);
  }

  get #choiceName() {
    return this.getAttribute('choice') ?? 'address';
  }

  async #ask(text: string) {
    this.#request?.abort();
    this.#request = new AbortController();
    try {
      const address = `${this.getAttribute('src')}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: this.#request.signal, headers: { accept: 'application/json' } });
      if (!answer.ok) return this.#close();
      this.#show(((await answer.json()) as { results: Hint[] }).results.slice(0, 8));
    } catch {
      // A newer question came first, or there is no network: the button still works.
    }
  }

  #show(hints: Hint[]) {
    this.#hints = hints;
    this.#at = -1;
    this.#list.replaceChildren(
      ...hints.map(({ label, hint }, index) => {
        const row = document.createElement('li');
        row.id = `${this.#list.id}-${index}`;
        row.setAttribute('role', 'option');
        row.setAttribute('aria-selected', 'false');
        row.textContent = label;
        if (hint) {
          const more = document.createElement('span');
          more.className = 'address-results__hint';
          more.textContent = hint;
          row.append(' ', more);
        }
        return row;
      }),
    );
    this.#list.hidden = hints.length === 0;
    this.#input.setAttribute('aria-expanded', String(hints.length > 0));
    this.#input.removeAttribute('aria-activedescendant');
    this.#said.textContent =
      hints.length > 0 ? `Подсказок: ${hints.length}. Выбирайте стрелками.` : 'Такого адреса нет';
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#show([]);
    this.#said.textContent = '';
  }

  #pressed(event: KeyboardEvent) {
    if (this.#list.hidden) return;
    const last = this.#hints.length - 1;
    if (event.key === 'ArrowDown') this.#mark(this.#at === last ? 0 : this.#at + 1);
    else if (event.key === 'ArrowUp') this.#mark(this.#at <= 0 ? last : this.#at - 1);
    else if (event.key === 'Escape') this.#close();
    else if (event.key === 'Enter' && this.#at >= 0) this.#choose(this.#at);
    else return;
    event.preventDefault();
  }

  #mark(index: number) {
    this.#list.children[this.#at]?.setAttribute('aria-selected', 'false');
    this.#at = index;
    const row = this.#list.children[index];
    row?.setAttribute('aria-selected', 'true');
    row?.scrollIntoView({ block: 'nearest' });
    if (row) this.#input.setAttribute('aria-activedescendant', row.id);
  }

  #choose(index: number) {
    const hint = this.#hints[index];
    if (!hint) return;
    this.#close();
    if (hint.href) return location.assign(hint.href);
    this.#input.value = hint.label;
    const hidden = document.createElement('input');
    hidden.type = 'hidden';
    hidden.name = this.#choiceName;
    hidden.value = hint.id;
    this.append(hidden);
    this.#said.textContent = `Выбран адрес: ${hint.label}`;
  }
}
customElements.define('address-search', AddressSearch);
