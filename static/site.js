// Small conveniences. Every page is whole without this file.
'use strict';

// A permanent address can be copied with one press.
for (const link of document.querySelectorAll('a[data-copy]')) {
  if (!navigator.clipboard) break;
  const button = document.createElement('button');
  const said = document.createElement('span');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Скопировать';
  button.setAttribute('aria-label', 'Скопировать адрес');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      button.textContent = 'Скопировано';
      said.textContent = 'Адрес скопирован';
    } catch {
      said.textContent = 'Скопировать не удалось: выделите адрес и скопируйте его сами';
    }
  });
  link.after(' ', button, said);
}

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
