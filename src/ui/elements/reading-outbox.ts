import { type Entry, filledIn, isDraft, isFresh, putDraft, readEntries, takeEntries } from '../offline/entries.ts';
import type { Word } from '../offline/scope.ts';

const WHEN = new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });

/** How long a page that is open waits before it tries again; each time twice as long. */
const PAUSE = { first: 3000, longest: 300_000 };

/**
 * Drafts of the form of readings and what waits on this device for a line. The page holds the words, this shows those that are true.
 * Where the browser has no worker, or no room, the form works as without script.
 */
class ReadingOutbox extends HTMLElement {
  #form = document.querySelector<HTMLFormElement>('form[action="/readings"]');
  #wasSubmitted = false;
  #isFilling = false;
  #isBack = false;
  #shown = '[]';
  #timer = 0;
  #pause = PAUSE.first;

  connectedCallback() {
    const form = this.#form;
    if (!form || !navigator.serviceWorker || !isSecureContext) return;
    this.#setKey(crypto.randomUUID());
    this.#sayLine();
    this.#listen(form);
    this.#start().catch(() => undefined);
  }

  get #person() {
    return this.getAttribute('person') ?? '';
  }

  get #isKept() {
    return this.hasAttribute('kept');
  }

  #listen(form: HTMLFormElement) {
    form.addEventListener('input', () => this.#typed());
    form.addEventListener('submit', () => this.#submitted());
    this.addEventListener('click', ({ target }) => this.#pressed((target as Element).closest('button')));
    // «Назад»: the form was sent under its key already.
    addEventListener('pageshow', ({ persisted }) => persisted && this.#setKey(crypto.randomUUID()));
    addEventListener('offline', () => this.#sayLine());
    addEventListener('online', () => this.#cameBack());
    // A page that is leaving already must not be called back: it may be the one that signs out.
    let isLeaving = false;
    addEventListener('submit', () => {
      isLeaving = true;
    });
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      if (data === 'changed') this.#showEntries();
      if (data === 'wiped' && !isLeaving) location.reload();
    });
  }

  async #start() {
    await takeEntries((entry) => entry.person !== this.#person || (isDraft(entry) && !isFresh(entry)));
    if (this.getAttribute('state') === 'fresh') await this.#restore();
    // The answer to a sent form is on this page: saved, or back in its fields.
    else await takeEntries(({ state }) => state === 'submitted');
    if (this.getAttribute('state') === 'open') await this.#record('draft');
    await this.#showEntries();
    await navigator.serviceWorker.register('/sw.js').catch(() => undefined);
    if (!navigator.serviceWorker.controller) await this.#tell('keep');
    await this.#tell('send');
  }

  async #tell(word: Word) {
    (await navigator.serviceWorker.ready).active?.postMessage(word);
  }

  get #keyField() {
    return this.#form!.elements.namedItem('_key') as HTMLInputElement;
  }

  #setKey(key: string) {
    this.#keyField.value = key;
  }

  // — drafts

  #typed() {
    if (this.#isFilling) return;
    // What a key has been sent with stays its own.
    if (this.#wasSubmitted) this.#setKey(crypto.randomUUID());
    this.#wasSubmitted = false;
    this.#record('draft').catch(() => undefined);
  }

  #submitted() {
    this.#wasSubmitted = true;
    this.#record('submitted').catch(() => undefined);
  }

  async #record(state: 'draft' | 'submitted') {
    // Pictures are kept when the form is sent: they are too large for every letter.
    const fields = filledIn(new FormData(this.#form!)).filter(([, value]) => typeof value === 'string');
    const key = this.#keyField.value;
    if (fields.length === 0) await takeEntries((entry) => entry.key === key && entry.state === 'draft');
    else await putDraft({ key, person: this.#person, state, at: Date.now(), fields, lines: [] });
  }

  /** What was typed before and not sent. One draft keeps its key: its answer may have been lost on the way. */
  async #restore() {
    const drafts = await takeEntries(isDraft);
    drafts.sort((a, b) => b.at - a.at);
    // What somebody types at this moment is newer.
    for (const { fields } of drafts) this.#fill(fields.filter(([name]) => !this.#inputOf(name)?.value));
    const [only] = drafts;
    if (drafts.length === 1 && only!.state === 'submitted') {
      this.#setKey(only!.key);
      this.#wasSubmitted = true;
    }
    if (drafts.length === 0) return;
    await this.#record(this.#wasSubmitted ? 'submitted' : 'draft');
    this.#show('restored');
  }

  #inputOf(name: string): HTMLInputElement | null {
    const input = this.#form!.elements.namedItem(name);
    return input instanceof HTMLInputElement && input.type !== 'checkbox' ? input : null;
  }

  /** Like typing, but for the draft: whoever fills decides under which key it is one. */
  #fill(fields: Entry['fields']) {
    this.#isFilling = true;
    for (const [name, value] of fields) {
      const input = this.#inputOf(name);
      if (!input) continue;
      if (typeof value === 'string') input.value = value;
      else {
        const files = new DataTransfer();
        files.items.add(value);
        input.files = files.files;
      }
      const more = input.closest('details');
      if (more) more.open = true;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    this.#isFilling = false;
  }

  // — what is shown

  #show(part: string, isShown = true): HTMLElement | null {
    const found = this.querySelector<HTMLElement>(`:scope > [data-part="${part}"]`);
    if (found) found.hidden = !isShown;
    return found;
  }

  #sayLine() {
    const kept = this.getAttribute('kept');
    const isAway = !navigator.onLine;
    this.#isBack &&= !isAway;
    this.#show('back', this.#isKept && this.#isBack);
    const time = this.#show('kept', this.#isKept && !this.#isBack)?.querySelector('time');
    if (kept && time) time.textContent = WHEN.format(new Date(kept));
    this.#show('away', isAway && !this.#isKept);
    const waits = this.querySelector('[data-entry="waiting"], [data-entry="signed-out"]') !== null;
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: this.getAttribute('zone') ?? undefined }).format();
    const until = this.getAttribute('until') ?? '';
    const matters = isAway || (this.#isKept && !this.#isBack) || waits;
    this.#show('last-day', matters && until === today);
    this.#show('closed', matters && until < today);
  }

  #cameBack() {
    this.#isBack = true;
    this.#sayLine();
    this.#pause = PAUSE.first;
    this.#tell('send');
  }

  async #showEntries() {
    const entries = (await readEntries()).filter((entry) => entry.person === this.#person && !isDraft(entry));
    entries.sort((a, b) => a.at - b.at);
    this.#tryAgain(entries.some(({ state }) => state === 'waiting'));
    const shown = JSON.stringify(entries);
    // Whoever is at a button must not lose it for nothing.
    if (shown === this.#shown) return;
    this.#shown = shown;
    const cards = entries.map((entry) => this.#card(entry));
    this.querySelector('[data-part="entries"]')?.replaceChildren(...cards);
    this.#sayLine();
  }

  /** A line is said to be back before anything goes through it, and a server comes back without a word. */
  #tryAgain(waits: boolean) {
    clearTimeout(this.#timer);
    if (!waits) return;
    this.#timer = window.setTimeout(() => this.#tell('send'), this.#pause);
    this.#pause = Math.min(this.#pause * 2, PAUSE.longest);
  }

  #card({ key, state, at, fields, lines }: Entry): HTMLElement {
    const template = this.querySelector('template')!;
    const card = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    card.dataset.entry = state;
    card.dataset.key = key;
    card.querySelector('time')!.textContent = `Вписаны ${WHEN.format(at)}`;
    for (const part of card.querySelectorAll<HTMLElement>('[data-state]')) part.hidden = part.dataset.state !== state;
    for (const button of card.querySelectorAll('button')) button.hidden = !button.value.split(' ').includes(state);
    const list = (name: string, texts: string[]) => {
      const found = card.querySelector(`[data-list="${name}"]`)!;
      if (texts.length === 0) return found.remove();
      found.replaceChildren(...texts.map((text) => Object.assign(document.createElement('li'), { textContent: text })));
    };
    list('fields', state === 'saved' ? [] : fields.flatMap(([name, value]) => this.#words(name, value)));
    list('lines', lines);
    return card;
  }

  /** «Холодная вода, прибор № 12: 123,4». */
  #words(name: string, value: string | File): string[] {
    const [kind = '', ...dial] = name.split('.');
    if (kind === 'sure' || kind === 'kept') return [];
    const legend = this.#inputOf(`t1.${dial.join('.')}`)
      ?.closest('fieldset')
      ?.querySelector('legend')?.textContent;
    const what = typeof value === 'string' ? value : 'фото';
    const tariff = kind === 't2' || kind === 't3' ? ` (Т${kind.slice(1)})` : '';
    return [`${legend?.trim() ?? 'Прибор, которого уже нет в форме'}${tariff}: ${what}`];
  }

  // — what the person decides

  async #pressed(button: HTMLButtonElement | null) {
    const key = button?.closest<HTMLElement>('[data-key]')?.dataset.key;
    if (button?.name === 'send') return this.#tell('send');
    if (button?.name === 'forget') return this.#forget();
    if (!key || !button) return;
    const taken = await takeEntries((entry) => entry.key === key);
    if (button.name === 'check')
      for (const entry of taken) {
        this.#fill(entry.fields);
        // The server says what it asks about, beside the values. What is old is looked at first.
        if (isFresh(entry)) this.#form!.requestSubmit();
        else await this.#record('draft');
      }
    await this.#showEntries();
  }

  async #forget() {
    await takeEntries(isDraft);
    this.#form!.reset();
    this.#setKey(crypto.randomUUID());
    this.#show('restored', false);
  }
}
customElements.define('reading-outbox', ReadingOutbox);
