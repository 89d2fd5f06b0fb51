// The folder: what is wrong with chosen files is said before they are sent. The server checks again, and the page works without this.
'use strict';

const MEGABYTE = 1024 * 1024;

function size(bytes) {
  if (bytes < MEGABYTE) return `${Math.max(1, Math.round(bytes / 1024))} КБ`;
  return `${(bytes / MEGABYTE).toFixed(1).replace('.', ',')} МБ`;
}

/** What is wrong with a file, as far as its name and size tell; nothing if nothing is. */
function fault(file, most, formats) {
  const ending = file.name.split('.').pop().toLowerCase();
  if (!file.size) return 'файл пуст';
  if (!formats.includes(ending)) return 'нужен PDF или JPEG';
  if (file.size <= most) return '';
  const parts = Math.ceil(file.size / most);
  const advice = ending === 'pdf' ? `разделите на ${parts} или отсканируйте в серых тонах` : 'уменьшите до 2000 точек по длинной стороне';
  return `больше ${most / MEGABYTE} МБ: ${advice}`;
}

for (const box of document.querySelectorAll('[data-files]')) {
  const input = box.querySelector('input[type="file"]');
  const told = box.querySelector('.fault');
  const list = box.querySelector('.chosen');
  const formats = box.dataset.formats.split(' ');
  const most = Number(box.dataset.most);
  const atOnce = Number(box.dataset.atOnce);

  input.addEventListener('change', () => {
    const files = [...input.files];
    const wrong = files.filter((file) => fault(file, most, formats));
    list.replaceChildren(...files.map((file) => {
      const item = document.createElement('li');
      const what = fault(file, most, formats);
      item.textContent = `${file.name}, ${size(file.size)}${what ? `: ${what}` : ''}`;
      item.classList.toggle('wrong', Boolean(what));
      return item;
    }));
    list.hidden = !files.length;
    let sentence = wrong.length ? 'Отмеченные файлы не примут. Исправьте их и выберите заново.' : '';
    if (files.length > atOnce) sentence = `За один раз прикладывают до ${atOnce} файлов. Выберите меньше, остальные добавите потом.`;
    told.textContent = sentence;
    told.hidden = !sentence;
    input.setCustomValidity(sentence);
    input.setAttribute('aria-invalid', String(Boolean(sentence)));
  });
}
