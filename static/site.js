// Small conveniences. Every page is whole without this file.
'use strict';

// A permanent address can be copied with one press. Whatever the number of buttons, one place says aloud what happened.
function offerCopies(links) {
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  document.querySelector('main').append(said);
  for (const link of links) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Скопировать';
    button.setAttribute('aria-label', `Скопировать адрес ${link.dataset.copy}`.trim());
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(link.href);
        button.textContent = 'Скопировано';
        said.textContent = 'Адрес скопирован';
      } catch {
        said.textContent = 'Скопировать не удалось: выделите адрес и скопируйте его сами';
      }
    });
    link.after(' ', button);
  }
}

const toCopy = document.querySelectorAll('a[data-copy]');
if (toCopy.length && navigator.clipboard) offerCopies(toCopy);

// Printing shows what is folded on the screen.
window.addEventListener('beforeprint', () => {
  for (const folded of document.querySelectorAll('details:not([open])')) {
    folded.open = true;
    folded.dataset.folded = '';
  }
});
window.addEventListener('afterprint', () => {
  for (const folded of document.querySelectorAll('details[data-folded]')) {
    folded.open = false;
    delete folded.dataset.folded;
  }
});
