/** Follows a long work: asks its address for { value, max, note, done } and reloads the page when it is done. */
interface State {
  value?: number;
  max?: number;
  note?: string;
  done?: boolean;
}

class PollProgress extends HTMLElement {
  #timer = 0;
  #pause = 1000;

  connectedCallback() {
    this.#timer = window.setTimeout(() => this.#ask(), this.#pause);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #ask() {
    try {
      const answer = await fetch(this.getAttribute('src') ?? '', { headers: { accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = (await answer.json()) as State;
      if (state.done) return location.reload();
      this.#show(state);
      this.#pause = 1000;
    } catch {
      // A weak network is no end of the work: ask again, less and less often.
      this.#pause = Math.min(this.#pause * 2, 30_000);
    }
    if (this.isConnected) this.#timer = window.setTimeout(() => this.#ask(), this.#pause);
  }

  #show({ value, max = 100, note }: State) {
    const bar = this.querySelector('progress');
    if (bar && value !== undefined) {
      bar.max = max;
      bar.value = value;
      const share = this.querySelector('.progress__share');
      if (share) share.textContent = `${Math.floor((value / Math.max(max, 1)) * 100)} %`;
    }
    const text = this.querySelector('.progress__note');
    if (text && note !== undefined) text.textContent = note;
  }
}
customElements.define('poll-progress', PollProgress);
