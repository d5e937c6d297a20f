/** Tells of a file that is too large before it is sent: a slow line would carry it for minutes only to hear the server's no. */
class FileLimit extends HTMLElement {
  connectedCallback() {
    this.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement) || !target.files) return;
      this.querySelector('[role="alert"]')?.remove();
      if ([...target.files].every(({ size }) => size <= Number(this.getAttribute('bytes')))) return;
      // The rest of the form goes without it.
      target.value = '';
      const note = document.createElement('p');
      note.className = 'field__error';
      note.setAttribute('role', 'alert');
      note.textContent = this.getAttribute('refusal');
      target.before(note);
    });
  }
}
customElements.define('file-limit', FileLimit);
