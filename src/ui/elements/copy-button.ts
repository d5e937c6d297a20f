/** Copies a number that people would otherwise retype. */
class CopyButton extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy__button';
    const word = document.createElement('span');
    const about = document.createElement('span');
    about.className = 'visually-hidden';
    about.textContent = ` ${this.getAttribute('what')}`;
    word.textContent = 'Копировать';
    const said = document.createElement('span');
    said.className = 'visually-hidden';
    said.setAttribute('role', 'status');
    button.append(word, about);
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(this.getAttribute('text') ?? '');
        word.textContent = 'Скопировано';
      } catch {
        word.textContent = 'Не вышло: выделите номер сами';
      }
      said.textContent = word.textContent;
      setTimeout(() => {
        word.textContent = 'Копировать';
        said.textContent = '';
      }, 4000);
    });
    this.replaceChildren(button, said);
  }
}
customElements.define('copy-button', CopyButton);
