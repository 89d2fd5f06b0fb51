// Small conveniences. Every page is whole without this file.
'use strict';

// A permanent address, or a reference, can be copied with one press. One place says aloud what happened, for all buttons.
function offerCopies(places) {
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  document.querySelector('main').append(said);
  for (const place of places) {
    const what = place.href ? `адрес ${place.dataset.copy}` : place.dataset.copy;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = place.href ? 'Скопировать' : `Скопировать ${what}`;
    button.setAttribute('aria-label', `Скопировать ${what}`.trim());
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(place.href || place.textContent);
        button.textContent = 'Скопировано';
        said.textContent = place.dataset.copied || 'Адрес скопирован';
      } catch {
        said.textContent = 'Скопировать не удалось: выделите текст и скопируйте его сами';
      }
    });
    place.after(' ', button);
  }
}

const toCopy = document.querySelectorAll('[data-copy]');
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
