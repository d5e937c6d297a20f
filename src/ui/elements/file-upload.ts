/**
 * Sends chosen files at once, one after another, in pieces: a broken line costs a piece. The form then carries the words of those that
 * came (`<name>.ready`) and waits for those on their way.
 */
import { Refusal, sendFile } from '../uploading/send-file.ts';

class Row {
  readonly file: File;
  readonly item = document.createElement('li');
  readonly button = document.createElement('button');
  state: 'waits' | 'goes' | 'came' | 'refused' = 'waits';
  readonly stop = new AbortController();
  readonly #bar = document.createElement('progress');
  readonly #said = document.createElement('p');

  constructor(file: File) {
    this.file = file;
    const name = document.createElement('p');
    name.className = 'files__name';
    name.textContent = file.name;
    const words = document.createElement('div');
    words.className = 'files__words progress';
    this.#bar.max = Math.max(file.size, 1);
    this.#bar.value = 0;
    this.#bar.setAttribute('aria-label', `Передача: ${file.name}`);
    this.#said.setAttribute('role', 'status');
    this.#said.textContent = 'Ждёт очереди';
    words.append(name, this.#bar, this.#said);
    this.button.type = 'button';
    this.button.className = 'button button--quiet';
    this.#label('Отменить');
    this.item.className = 'files__item';
    this.item.append(words, this.button);
  }

  #label(word: string) {
    const about = document.createElement('span');
    about.className = 'visually-hidden';
    about.textContent = ` ${this.file.name}`;
    this.button.replaceChildren(word, about);
  }

  /** Figures change silently; only sentences are read aloud. */
  moved(bytes: number) {
    this.#bar.value = bytes;
  }

  say(text: string) {
    if (this.#said.textContent !== text) this.#said.textContent = text;
  }

  end(state: 'came' | 'refused', text: string) {
    this.state = state;
    this.#bar.hidden = true;
    this.#said.className = state === 'refused' ? 'field__error' : 'quiet';
    this.say(text);
    this.#label('Убрать');
  }
}

class FileUpload extends HTMLElement {
  #input!: HTMLInputElement;
  #form!: HTMLFormElement;
  readonly #list = document.createElement('ul');
  readonly #said = document.createElement('p');
  #rows: Row[] = [];
  #busy = false;
  #isSent = false;
  #held: { submitter: HTMLElement | null } | null = null;

  connectedCallback() {
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    // Without script they go with another form of the page, for what is typed there.
    if (input?.hasAttribute('form'))
      for (const one of this.closest('form')?.querySelectorAll('[form]') ?? [])
        for (const name of ['form', 'formaction', 'formenctype']) one.removeAttribute(name);
    if (!input?.form || this.#list.isConnected) return;
    this.#input = input;
    this.#form = input.form;
    this.#list.className = 'files';
    this.#list.setAttribute('aria-label', 'Передаваемые файлы');
    this.#list.hidden = true;
    this.#said.setAttribute('role', 'status');
    this.append(this.#list, this.#said);
    input.addEventListener('change', () => {
      this.#take([...(input.files ?? [])]);
      // They go by themselves: the form must not send them again.
      input.value = '';
    });
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      this.#take([...(event.dataTransfer?.files ?? [])]);
    });
    // Before whoever guards the form against a second sending.
    this.#form.addEventListener('submit', (event) => this.#submitted(event), true);
    addEventListener('beforeunload', (event) => {
      // What has come is attached by the form only: a link that leads away would lose it without a word.
      const isKept = this.#isSent || !this.#rows.some(({ state }) => state === 'came');
      if (this.#busy || !isKept) event.preventDefault();
    });
  }

  #take(files: File[]) {
    const most = Number(this.getAttribute('most')) || 1;
    for (const file of files) {
      const row = new Row(file);
      row.button.addEventListener('click', () => this.#remove(row));
      if (this.#rows.length >= most) row.end('refused', `Можно приложить не больше ${most} файлов сразу.`);
      this.#rows.push(row);
      this.#list.append(row.item);
    }
    this.#list.hidden = this.#rows.length === 0;
    this.#next();
  }

  async #next() {
    const row = this.#rows.find(({ state }) => state === 'waits');
    if (this.#busy) return;
    if (!row) return this.#settled();
    this.#busy = true;
    row.state = 'goes';
    try {
      const token = this.#form.querySelector<HTMLInputElement>('input[name=_token]')?.value ?? '';
      const ready = await sendFile(row.file, token, row.stop.signal, row);
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = `${this.#input.name}.ready`;
      field.value = ready;
      row.item.append(field);
      row.end('came', this.#cameWords());
    } catch (error) {
      if (!row.stop.signal.aborted)
        row.end('refused', error instanceof Refusal ? error.message : 'Файл не передан. Приложите его снова.');
    }
    this.#busy = false;
    this.#next();
  }

  /** «Передан» alone reads as done, and it is not before the form is sent. */
  #cameWords(): string {
    // The last: before it stand searches and choices of the same form.
    const label = [...this.#form.querySelectorAll('button:not([type=button])')].at(-1)?.textContent?.trim();
    return this.hasAttribute('sends') || !label ? 'Передан' : `Передан. Осталось нажать «${label}»`;
  }

  #remove(row: Row) {
    row.stop.abort();
    this.#rows = this.#rows.filter((one) => one !== row);
    row.item.remove();
    this.#list.hidden = this.#rows.length === 0;
    this.#input.focus();
    if (!this.#busy) this.#settled();
  }

  /** Nothing is on its way any more. */
  #settled() {
    this.#said.textContent = '';
    const isWhole = this.#rows.every(({ state }) => state === 'came');
    const held = this.#held ?? (this.hasAttribute('sends') && this.#rows.length > 0 ? { submitter: null } : null);
    this.#held = null;
    if (held && isWhole) this.#form.requestSubmit(held.submitter);
  }

  #submitted(event: SubmitEvent) {
    const refused = this.#rows.find(({ state }) => state === 'refused');
    const isOnTheWay = this.#rows.some(({ state }) => state === 'waits' || state === 'goes');
    if (!refused && !isOnTheWay) {
      this.#isSent = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (refused) {
      this.#said.textContent = 'Один из файлов не принят. Уберите его и отправьте снова.';
      refused.button.focus();
    } else {
      this.#said.textContent = 'Отправим, как только файлы дойдут.';
      this.#held = { submitter: event.submitter };
    }
  }
}
customElements.define('file-upload', FileUpload);
