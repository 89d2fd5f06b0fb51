// Computes the SHA-256 of a file that is chosen or dropped and opens the answer about it. The file goes nowhere.
'use strict';

// No order comes near this; whatever is larger need not be read into memory.
const LARGEST = 256 * 1024 * 1024;

const drop = document.querySelector('#drop');
const input = document.querySelector('#file');
const said = document.querySelector('#said');

/** The bytes of a file, read piece by piece; `told` hears the share that is read. */
async function bytesOf(file, told) {
  const bytes = new Uint8Array(file.size);
  const reader = file.stream().getReader();
  let at = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes.set(piece.value, at);
    at += piece.value.length;
    told(at / file.size);
  }
  return bytes;
}

async function sumOf(file, told) {
  const digest = await crypto.subtle.digest('SHA-256', await bytesOf(file, told));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function check(files) {
  if (!files.length) return;
  if (files.length > 1) {
    said.textContent = 'Файлов несколько. Проверяйте их по одному.';
    return;
  }
  const [file] = files;
  if (file.size > LARGEST) {
    said.textContent = `«${file.name}» больше 256 МБ: распоряжений такого размера нет.`;
    return;
  }
  said.textContent = `Считаем контрольную сумму файла «${file.name}»…`;
  let quarter = 0;
  try {
    const sum = await sumOf(file, (share) => {
      // A screen reader is told of every quarter of a long file, not of every piece.
      if (share < 1 && Math.floor(share * 4) > quarter) {
        quarter = Math.floor(share * 4);
        said.textContent = `Считаем контрольную сумму: прочитано ${quarter * 25} %.`;
      }
    });
    location.assign(drop.dataset.answers + sum);
  } catch {
    said.textContent = `Файл «${file.name}» не читается. Если это папка, откройте её и выберите файл; если файл открыт в другой программе, закройте её и повторите.`;
  }
}

if (window.isSecureContext && window.crypto?.subtle) {
  drop.hidden = false;
  input.addEventListener('change', () => check(input.files));
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => drop.classList.remove('over'));
  // Anywhere on the page: a file dropped beside the frame would otherwise be opened in the place of the page.
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    check(event.dataTransfer.files);
  });
} else {
  document.querySelector('#unable').hidden = false;
}
