/**
 * Saves a form by itself while one types: a pause, then the same POST that «Сохранить» makes, answered as JSON
 * `{ version, saved, path }`. One saving at a time, in order. A form that is older than what is saved stops saving and says so; nothing
 * is overwritten. Before another form of the page leads away (a file to attach, a note), what is typed is saved. Without script the
 * button saves.
 */
const SAVE_AFTER = 1200;
const TRY_AGAIN_AFTER = 10_000;

interface Answer {
  version?: number;
  saved?: string;
  path?: string;
  message?: string;
}

class DraftForm extends HTMLElement {
  #form!: HTMLFormElement;
  #said!: HTMLElement;
  #timer = 0;
  #saving: Promise<void> | null = null;
  #last = '';
  #stopped = false;
  #isOffline = false;
  /** Another form whose turn has come: what was typed is saved as well as it could be. */
  #letThrough: EventTarget | null = null;

  connectedCallback() {
    const form = this.querySelector('form');
    const said = this.querySelector<HTMLElement>('[data-saved]');
    if (!form || !said) return;
    this.#form = form;
    this.#said = said;
    this.#last = this.#words();
    form.addEventListener('input', () => this.#later(SAVE_AFTER));
    form.addEventListener('submit', (event) => this.#submitted(event));
    // Before whoever guards that form against a second sending.
    document.addEventListener('submit', (event) => this.#leads(event), true);
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#save(true);
    });
    // A page restored by «Назад» may be older than the draft.
    addEventListener('pageshow', (event) => {
      if (event.persisted && this.#words() === this.#last) location.reload();
    });
  }

  /** What is typed, without the fields that the page itself carries. */
  #words(): string {
    return [...this.#form.elements]
      .filter(
        (one) =>
          one instanceof HTMLTextAreaElement ||
          (one instanceof HTMLInputElement && one.type !== 'hidden' && one.type !== 'file'),
      )
      .map((one) => (one as HTMLInputElement).value)
      .join('\u0000');
  }

  #later(pause: number) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#save(), pause);
  }

  #save(isLeaving = false): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#words() === this.#last) return this.#saving ?? Promise.resolve();
    if (this.#saving) {
      this.#later(SAVE_AFTER);
      return this.#saving;
    }
    this.#saving = this.#send(isLeaving).finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #send(isLeaving: boolean): Promise<void> {
    const words = this.#words();
    const body = new URLSearchParams(new FormData(this.#form) as unknown as Record<string, string>);
    const size = body.toString().length;
    try {
      const answer = await fetch(this.#form.action, {
        method: 'POST',
        body,
        headers: { accept: 'application/json' },
        // A browser keeps no more than 64 KB of a page that is going away.
        keepalive: isLeaving && size < 60_000,
      });
      const read = (await answer.json()) as Answer;
      this.#isOffline = false;
      if (!answer.ok) return this.#refuse(answer.status, read.message);
      this.#last = words;
      for (const input of this.#form.querySelectorAll<HTMLInputElement>('input[name="version"]'))
        input.value = String(read.version);
      if (read.path && location.pathname !== read.path) history.replaceState(null, '', read.path);
      this.#say(`Черновик сохранён в ${read.saved}`);
    } catch {
      this.#isOffline = true;
      this.#say('Нет связи: последние слова ещё не сохранены. Попробуем снова.');
      this.#later(TRY_AGAIN_AFTER);
    }
  }

  #refuse(status: number, message = 'Не получилось сохранить. Нажмите «Сохранить».') {
    this.#say(message);
    // Too much, too long: the next words may mend it. An older form, a session that is over: they cannot.
    if (status !== 422 && status !== 429) this.#stopped = true;
    this.toggleAttribute('stopped', this.#stopped);
  }

  #say(words: string) {
    if (this.#said.textContent !== words) this.#said.textContent = words;
  }

  /** A saving under way must end first: the form would be older than what it has saved itself. */
  #submitted(event: SubmitEvent) {
    clearTimeout(this.#timer);
    if (!this.#saving) return;
    event.preventDefault();
    const button = event.submitter;
    this.#saving.then(() => this.#form.requestSubmit(button instanceof HTMLElement ? button : null));
  }

  /** The page that another form brings is written before a saving on the way out arrives: it would show the words as they were. */
  async #leads(event: SubmitEvent) {
    const form = event.target as HTMLFormElement;
    const isLet = this.#letThrough === form;
    this.#letThrough = null;
    if (isLet || form === this.#form || form.method === 'dialog' || this.#stopped || !this.isConnected) return;
    if (!this.#saving && this.#words() === this.#last) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    await this.#saving;
    await this.#save();
    // Without a line that form would not arrive either, and the words would go with the page.
    if (this.#isOffline) return;
    this.#letThrough = form;
    form.requestSubmit(button instanceof HTMLElement ? button : null);
  }
}
customElements.define('draft-form', DraftForm);
